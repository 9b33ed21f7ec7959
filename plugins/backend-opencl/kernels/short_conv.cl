// short_conv@1: an item runs one channel over the tokens of a run that lie in one block, and leaves
// the block's state. Inputs before the run come from the block before its first position; a piece
// that is too short to hold the next one's past takes that one along, so that no item reads what
// another writes.
#include "batch.clh"

typedef struct {
  global const float* x;
  global const uint* batch;
  BatchPlace place;
  uint4 run;
  global uchar* state;
  ulong block_bytes;
  uint channels, channel;
} Channel;

global float* block_at(const Channel* c, uint position) {
  return (global float*)(c->state + c->block_bytes * block_of(c->batch, c->place, c->run, position));
}

// The input n positions after the run's begin; below 0: of the state.
float input_at(const Channel* c, int n) {
  if (n >= 0) return c->x[(c->run.x + (uint)n) * c->channels + c->channel];
  if ((int)c->run.z + n < 0) return 0.0f;
  return block_at(c, c->run.z - 1)[(uint)(WIDTH - 1 + n) * c->channels + c->channel];
}

bool begins_piece(uint4 run, uint n) { return n == 0 || ((run.z + n) % 32 == 0 && n + 1 >= WIDTH); }

kernel void short_conv(global const float* x, global const float* taps, global float* y, global const uint* batch,
                       BatchPlace place, global uchar* state, ulong block_bytes, uint channels) {
  const uint channel = get_global_id(0), token = get_group_id(1);
  if (channel >= channels) return;
  const uint4 run = run_of(batch, place, token_run(batch, token));
  const Channel c = {x, batch, place, run, state, block_bytes, channels, channel};
  const uint first = token - run.x;
  if (!begins_piece(run, first)) return;
  // past[i] is the input WIDTH - 1 - i positions before.
  float past[WIDTH];
  for (uint i = 0; i + 1 < WIDTH; ++i) past[i + 1] = input_at(&c, (int)first - WIDTH + 1 + (int)i);
  for (uint n = first; n < run.y; ++n) {
    if (n > first && begins_piece(run, n)) break;
    float sum = 0.0f;
    for (uint i = 0; i + 1 < WIDTH; ++i) {
      past[i] = past[i + 1];
      sum += taps[channel * WIDTH + i] * past[i];
    }
    past[WIDTH - 1] = input_at(&c, (int)n);
    sum += taps[channel * WIDTH + WIDTH - 1] * past[WIDTH - 1];
    y[(run.x + n) * channels + channel] = sum;
    const uint position = run.z + n;
    if (position % 32 == 31 || n + 1 == run.y)
      for (uint i = 0; i + 1 < WIDTH; ++i) block_at(&c, position)[i * channels + channel] = past[i + 1];
  }
}
