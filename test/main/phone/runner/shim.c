/* bionic's names on top of glibc, so that the program built for Android runs where there is no Android. */
extern int *__errno_location(void);
extern void exit(int) __attribute__((noreturn));

int *__errno(void) { return __errno_location(); }

__attribute__((noreturn)) void __libc_init(void *stack, void (*onexit)(void), int (*main)(int, char **, char **),
                                           void *const *structors) {
  long count = *(long *)stack;
  char **words = (char **)stack + 1;
  (void)onexit, (void)structors;
  exit(main((int)count, words, words + count + 1));
}
