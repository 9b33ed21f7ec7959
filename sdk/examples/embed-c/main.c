/* embed-c PROMPT [MODEL.gguf]: continues a text with the likeliest tokens, 32 at most. Without a
 * model it takes the one that is installed with Wick. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wick/wick.h>

static void check(wick_status status, wick_failure** failure) {
  if (status == WICK_STATUS_OK) return;
  fprintf(stderr, "embed-c: %s\n", wick_failure_message(*failure));
  wick_failure_free(*failure);
  exit(1);
}

static int32_t show(void* context, const char* piece, uint64_t size) {
  (void)context;
  fwrite(piece, 1, (size_t)size, stdout);
  return fflush(stdout); /* anything but 0 ends the generation */
}

int main(int n_arguments, char** arguments) {
  if (n_arguments < 2) return 2;
  const char* const prompt = arguments[1];
  wick_failure* failure = NULL;
  wick_engine* engine = NULL;
  check(wick_engine_create(NULL, &engine, &failure), &failure);

  wick_load_options load;
  wick_load_options_init(&load, sizeof load);
  if (n_arguments > 2) load.path = arguments[2];
  load.backends = "cpu";
  wick_model* model = NULL;
  check(wick_model_load(engine, &load, &model, &failure), &failure);

  /* Without room it only counts. */
  const uint32_t flags = WICK_TOKENIZE_BOS | WICK_TOKENIZE_SPECIAL;
  const uint64_t size = strlen(prompt);
  uint64_t n_ids = 0;
  check(wick_model_tokenize(model, prompt, size, flags, NULL, 0, &n_ids, &failure), &failure);
  int32_t* const ids = malloc(n_ids * sizeof *ids);
  if (ids == NULL) return 1;
  check(wick_model_tokenize(model, prompt, size, flags, ids, n_ids, &n_ids, &failure), &failure);

  wick_session* session = NULL;
  check(wick_session_create(model, &session, &failure), &failure);
  wick_generate_options generate;
  wick_generate_options_init(&generate, sizeof generate);
  generate.temperature = 0;
  generate.n_tokens = 32;
  check(wick_session_generate(session, ids, n_ids, &generate, show, NULL, NULL, &failure),
        &failure);

  free(ids);
  wick_session_free(session);
  wick_model_free(model);
  wick_engine_free(engine);
  return 0;
}
