/*
 * Copies without guards.
 */

#include "pinbounce.h"

#include <string.h>

void pinbounce_copy(const void *source, size_t from, void *destination, size_t to, size_t length)
{
    memcpy((uint8_t *)destination + to, (const uint8_t *)source + from, length);
}
