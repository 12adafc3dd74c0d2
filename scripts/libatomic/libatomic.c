/*
 * Node's Linux builds (25 and later) ask for libatomic.so.1, which bare Debian, Ubuntu and RHEL lack,
 * and use one function of it. linux-x64/libatomic.so.1 holds that function and nothing else, so that
 * the platform starts where only Node 20 and npm are installed. It is used only where the system has
 * no libatomic of its own (see node.sh and prepare.mjs). Built by the command below, with gcc 12:
 *
 *   gcc -O2 -shared -fPIC -nostdlib -ffreestanding -fno-tree-loop-distribute-patterns -s \
 *     -Wl,-soname,libatomic.so.1 -Wl,--version-script=libatomic.map -Wl,--build-id=none \
 *     -o linux-x64/libatomic.so.1 libatomic.c
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMPARE_EXCHANGE(type) \
  return __atomic_compare_exchange((type *)object, (type *)expected, (type *)desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

bool compare_exchange(size_t size, void *object, void *expected, void *desired, int success, int failure)
  __asm__("__atomic_compare_exchange");

/* For sizes no instruction serves: all such exchanges of the process take turns. */
static char turn;

static bool compare_exchange_in_turn(size_t size, unsigned char *object, unsigned char *expected, const unsigned char *desired) {
  bool equal = true;
  while (__atomic_test_and_set(&turn, __ATOMIC_ACQUIRE)) __builtin_ia32_pause();
  for (size_t at = 0; at < size; at++) equal = equal && object[at] == expected[at];
  for (size_t at = 0; at < size; at++) {
    if (equal) object[at] = desired[at];
    else expected[at] = object[at];
  }
  __atomic_clear(&turn, __ATOMIC_RELEASE);
  return equal;
}

/* Memory orders are ignored in favour of the strictest, which satisfies every other. */
__attribute__((used, visibility("default")))
bool compare_exchange(size_t size, void *object, void *expected, void *desired, int success, int failure) {
  (void)success;
  (void)failure;
  switch (size) {
    case 1: COMPARE_EXCHANGE(uint8_t);
    case 2: COMPARE_EXCHANGE(uint16_t);
    case 4: COMPARE_EXCHANGE(uint32_t);
    case 8: COMPARE_EXCHANGE(uint64_t);
    default: return compare_exchange_in_turn(size, object, expected, desired);
  }
}
