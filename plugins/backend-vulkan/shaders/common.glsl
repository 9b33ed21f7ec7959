// What every shader starts with. Memory is reached by address (buffer references): there are no
// descriptors, and no limit on the size of a binding.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

layout(buffer_reference, std430, buffer_reference_align = 4) buffer Floats { float v[]; };
layout(buffer_reference, std430, buffer_reference_align = 16) buffer Floats4 { vec4 v[]; };
layout(buffer_reference, std430, buffer_reference_align = 4) buffer Words { uint v[]; };
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer Words2 { uvec2 v[]; };
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer Words4 { uvec4 v[]; };

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 128;

// The batch, as batch.h writes it.
struct Token {
  int id;
  uint position, run, unused;
};
struct Run {
  uint first_token, n_tokens, first_position, first_block;
};
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer Tokens { Token v[]; };
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer Runs { Run v[]; };

bool is_null(uvec2 address) {
  return (address.x | address.y) == 0;
}

shared float reduced[256];  // by subgroup: 1024 threads in subgroups of 4 at most

// Every thread of the workgroup calls them; each gets the result.
float workgroup_sum(float value) {
  value = subgroupAdd(value);
  if (gl_NumSubgroups == 1) return value;
  barrier();
  if (gl_SubgroupInvocationID == 0) reduced[gl_SubgroupID] = value;
  barrier();
  float sum = 0.0;
  for (uint i = 0; i < gl_NumSubgroups; ++i) sum += reduced[i];
  return sum;
}

float workgroup_max(float value) {
  value = subgroupMax(value);
  if (gl_NumSubgroups == 1) return value;
  barrier();
  if (gl_SubgroupInvocationID == 0) reduced[gl_SubgroupID] = value;
  barrier();
  float most = reduced[0];
  for (uint i = 1; i < gl_NumSubgroups; ++i) most = max(most, reduced[i]);
  return most;
}
