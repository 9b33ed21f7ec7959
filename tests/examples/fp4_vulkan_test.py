#!/usr/bin/env python3
# The FP4 example on a Vulkan device, see fp4_on_device.py. Exit code 77, which ctest shows as skipped, without a device.
import example_plugins  # finds program
import fp4_on_device
import program

if __name__ == "__main__":
    program.main_on("vulkan", fp4_on_device)
