// short_conv@1: a thread runs one channel over the tokens of a run that lie in one block, and leaves
// the block's state. Inputs before the run come from the block before its first position; a piece
// that is too short to hold the next one's past takes that one along, so that no thread reads what
// another writes.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
#include "state.glsl"

layout(constant_id = 20) const uint WIDTH = 3;

layout(push_constant) uniform Parameters {
  Floats x, kernel, y;
  Tokens tokens;
  Runs runs;
  Blocks blocks;
  uint channels, state_at;  // words from the block's begin
} p;

// The input n positions after the run's begin; below 0: of the state.
float input_at(Run run, int n, uint channel) {
  if (n >= 0) return p.x.v[(run.first_token + uint(n)) * p.channels + channel];
  const int position = int(run.first_position) + n;
  if (position < 0) return 0.0;
  Words block = Words(p.blocks.v[run.first_block + (run.first_position - 1) / 32]);
  const uint slot = uint(int(WIDTH) - 1 + n);
  return uintBitsToFloat(block.v[p.state_at + slot * p.channels + channel]);
}

bool begins_piece(Run run, uint n) {
  return n == 0 || ((run.first_position + n) % 32 == 0 && n + 1 >= WIDTH);
}

void main() {
  const uint channel = gl_WorkGroupID.x * THREADS + gl_LocalInvocationID.x;
  if (channel >= p.channels) return;
  const uint token = gl_WorkGroupID.y;
  const Run run = p.runs.v[p.tokens.v[token].run];
  const uint first = token - run.first_token;
  if (!begins_piece(run, first)) return;

  // past[i] is the input WIDTH - 1 - i positions before.
  float past[WIDTH];
  [[unroll]] for (uint i = 0; i + 1 < WIDTH; ++i)
    past[i + 1] = input_at(run, int(first) - int(WIDTH) + 1 + int(i), channel);
  for (uint n = first; n < run.n_tokens; ++n) {
    if (n > first && begins_piece(run, n)) break;
    float sum = 0.0;
    [[unroll]] for (uint i = 0; i + 1 < WIDTH; ++i) {
      past[i] = past[i + 1];
      sum += p.kernel.v[channel * WIDTH + i] * past[i];
    }
    past[WIDTH - 1] = input_at(run, int(n), channel);
    sum += p.kernel.v[channel * WIDTH + WIDTH - 1] * past[WIDTH - 1];
    p.y.v[(run.first_token + n) * p.channels + channel] = sum;
    const uint position = run.first_position + n;
    if (position % 32 == 31 || n + 1 == run.n_tokens) {
      Words block = Words(p.blocks.v[run.first_block + position / 32]);
      [[unroll]] for (uint i = 0; i + 1 < WIDTH; ++i)
        block.v[p.state_at + i * p.channels + channel] = floatBitsToUint(past[i + 1]);
    }
  }
}
