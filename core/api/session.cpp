// wick_session: the functions over SessionState.
#include "api/handles.h"
#include "api/structs.h"

using namespace wick::api;

wick_status wick_session_create(wick_model* model, wick_session** session, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_session_create";
    wick_session*& made = need(session, kFunction, "place of the session");
    made = new wick_session{std::make_shared<SessionState>(need(model, kFunction, "model").loaded)};
  });
}

wick_status wick_session_fork(wick_session* session, wick_session** fork, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_session_fork";
    wick_session*& made = need(fork, kFunction, "place of the fork");
    SessionState& state = *need(session, kFunction, "session").state;
    const SessionState::Use use(state);
    made = new wick_session{state.fork()};
  });
}

void wick_session_free(wick_session* session) {
  delete session;
}

wick_status wick_session_evaluate(wick_session* session, const int32_t* ids, uint64_t n_ids,
                                  float* rows, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_session_evaluate";
    SessionState& state = *need(session, kFunction, "session").state;
    const SessionState::Use use(state);
    state.evaluate(array_of(kFunction, ids, n_ids), rows);
  });
}

const float* wick_session_logits(const wick_session* session) {
  if (session == nullptr || session->state->logits().empty()) return nullptr;
  return session->state->logits().data();
}

wick_status wick_session_tokens(const wick_session* session, int32_t* ids, uint64_t capacity,
                                uint64_t* n, wick_failure** failure) {
  return guarded(failure, [&] {
    constexpr char kFunction[] = "wick_session_tokens";
    copy_ids(kFunction, need(session, kFunction, "session").state->tokens(), ids, capacity, n);
  });
}

wick_status wick_session_truncate(wick_session* session, uint64_t n_ids, wick_failure** failure) {
  return guarded(failure, [&] {
    SessionState& state = *need(session, "wick_session_truncate", "session").state;
    const SessionState::Use use(state);
    state.truncate(n_ids);
  });
}

void wick_session_cancel(wick_session* session) {
  if (session != nullptr) session->state->cancel();
}
