/* The library that a plugin needs and a system lacks. */
int wick_test_gone(void);
int wick_test_gone(void) {
  return 0;
}
