// Cooperative matrices of a subgroup of 32 threads: a Left, 16 by INNER, times a Right, INNER by 16, is
// added to a Sums. VK_NV_cooperative_matrix has one type for all; khr_code.cpp knows them by INNER.
#extension GL_KHR_memory_scope_semantics : require
#extension GL_NV_cooperative_matrix : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require

layout(constant_id = 30) const uint INNER = 16;

#define Left fcoopmatNV<16, gl_ScopeSubgroup, 16, INNER>
#define Right fcoopmatNV<16, gl_ScopeSubgroup, INNER, 16>
#define Sums fcoopmatNV<32, gl_ScopeSubgroup, 16, 16>
