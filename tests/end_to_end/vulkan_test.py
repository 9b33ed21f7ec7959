# Models on a Vulkan device, see on_device.py. Exit code 77, which ctest shows as skipped, without a device or without the
# shared folder.
import on_device
import program

if __name__ == "__main__":
    program.need_shared()
    program.main_on("vulkan", on_device)
