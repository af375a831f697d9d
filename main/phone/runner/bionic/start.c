/*
 * Where a program for Android begins, in place of the NDK's crtbegin: hand the stack to bionic, which calls
 * main. The note is what Android's linker looks for; 28 is Android 9, which the Galaxy S10 came with.
 */
__attribute__((noreturn)) void __libc_init(void *stack, void (*onexit)(void),
                                           int (*)(int, char **, char **), void *const *structors);
int main(int, char **, char **);

__attribute__((used, noreturn)) static void begin(void *stack) {
  /* The linker runs the constructors of a dynamic program, and this one leaves through _exit: no lists. */
  static void *const none[8];
  __libc_init(stack, 0, main, none);
}

__asm__(".text\n"
        ".globl _start\n"
        ".type _start,%function\n"
        "_start:\n"
        "  mov x29, #0\n"
        "  mov x30, #0\n"
        "  mov x0, sp\n"
        "  b begin\n");

__asm__(".section .note.android.ident,\"a\",%note\n"
        ".balign 4\n"
        ".4byte 8, 4, 1\n"
        ".asciz \"Android\"\n"
        ".4byte 28\n"
        ".text\n");
