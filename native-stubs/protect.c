/*
 * Whole requests: the tuples of many intervals in one call.
 *
 *     guard     16b: 8-byte tuple      32b: 16-byte tuple       64b: 16-byte tuple
 *     guard     bytes 0-1              bytes 0-3                bytes 0-7
 *     app tag   bytes 2-3              bytes 4-5                bytes 8-9
 *     field     bytes 4-7              bytes 6-15               bytes 10-15
 */

#include "crc.h"
#include "pinbounce.h"

#include <stdatomic.h>
#include <string.h>

enum { ESCAPE_APP_TAG = 0xFFFF };

/*
 * Copies of so many bytes bypass the caches: source and destination together are more than most
 * processors have for one core, and overwriting a line in the cache costs reading it first.
 */
static const size_t PAST_CACHES = (size_t)16 << 20;

struct tuple {
    uint64_t guard;
    uint64_t field;
    uint16_t field_high;
    uint16_t app_tag;
};

static void put(uint8_t *bytes, unsigned size, uint64_t value)
{
    for (unsigned i = size; i-- > 0; value >>= 8) {
        bytes[i] = (uint8_t)value;
    }
}

static uint64_t get(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static void put_tuple(uint8_t *bytes, unsigned guard, const struct tuple *tuple)
{
    switch (guard) {
    case PINBOUNCE_CRC16_T10DIF:
        put(bytes, 2, tuple->guard);
        put(bytes + 2, 2, tuple->app_tag);
        put(bytes + 4, 4, tuple->field);
        break;
    case PINBOUNCE_CRC32C:
        put(bytes, 4, tuple->guard);
        put(bytes + 4, 2, tuple->app_tag);
        put(bytes + 6, 2, tuple->field_high);
        put(bytes + 8, 8, tuple->field);
        break;
    default:
        put(bytes, 8, tuple->guard);
        put(bytes + 8, 2, tuple->app_tag);
        put(bytes + 10, 6, tuple->field);
        break;
    }
}

static struct tuple get_tuple(const uint8_t *bytes, unsigned guard)
{
    switch (guard) {
    case PINBOUNCE_CRC16_T10DIF:
        return (struct tuple){get(bytes, 2), get(bytes + 4, 4), 0, (uint16_t)get(bytes + 2, 2)};
    case PINBOUNCE_CRC32C:
        return (struct tuple){get(bytes, 4), get(bytes + 8, 8), (uint16_t)get(bytes + 6, 2),
                              (uint16_t)get(bytes + 4, 2)};
    default:
        return (struct tuple){get(bytes, 8), get(bytes + 10, 6), 0, (uint16_t)get(bytes + 8, 2)};
    }
}

static uint64_t field(const struct pinbounce_protection *protection, size_t i)
{
    return protection->fixed |
           ((protection->reference + i * protection->step) & protection->reference_mask);
}

/* Continues over the metadata in front of the tuple and writes the tuple. */
static void finish(const struct pinbounce_protection *protection, const struct kernel *kernel,
                   uint64_t state, uint8_t *metadata, size_t i)
{
    const struct crc *crc = &crc_guards[protection->guard];
    uint64_t guard = 0;
    if (protection->guarded) {
        guard = crc_value(crc, kernel->update(crc, state, metadata, protection->tuple_offset));
    }
    struct tuple tuple = {guard, field(protection, i), protection->fixed_high,
                          protection->app_tag};
    put_tuple(metadata + protection->tuple_offset, protection->guard, &tuple);
}

void pinbounce_guard(const struct pinbounce_protection *protection, const void *data,
                     void *metadata, size_t count)
{
    const struct crc *crc = &crc_guards[protection->guard];
    const struct kernel *kernel = crc_kernel(protection->kernel);
    const uint8_t *from = data;
    uint8_t *tuples = metadata;
    uint64_t seed = crc_state(crc, protection->guard_seed);
    size_t interval = protection->interval;
    for (size_t i = 0; i < count; i++) {
        uint64_t state = seed;
        if (protection->guarded) {
            state = kernel->update(crc, seed, from + i * interval, interval);
        }
        finish(protection, kernel, state, tuples + i * protection->metadata_size, i);
    }
}

void pinbounce_guard_copy(const struct pinbounce_protection *protection, const void *source,
                          void *destination, void *metadata, size_t count)
{
    const struct crc *crc = &crc_guards[protection->guard];
    const struct kernel *kernel = crc_kernel(protection->kernel);
    const uint8_t *from = source;
    uint8_t *to = destination;
    uint8_t *tuples = metadata;
    uint64_t seed = crc_state(crc, protection->guard_seed);
    size_t interval = protection->interval;
    bool past_caches = count * interval >= PAST_CACHES;
    crc_copy *copy = past_caches ? kernel->copy_past_caches : kernel->copy;
    for (size_t i = 0; i < count; i++) {
        uint64_t state = seed;
        if (protection->guarded) {
            state = copy(crc, seed, from + i * interval, to + i * interval, interval);
        } else {
            memcpy(to + i * interval, from + i * interval, interval);
        }
        finish(protection, kernel, state, tuples + i * protection->metadata_size, i);
    }
    if (past_caches) {
        /* Such stores are ordered with no others: whoever sees later ones must see these. */
        atomic_thread_fence(memory_order_seq_cst);
    }
}

static int escapes(const struct pinbounce_protection *protection, const struct tuple *tuple)
{
    return tuple->app_tag == ESCAPE_APP_TAG && (~tuple->field & protection->escape) == 0 &&
           (~tuple->field_high & protection->escape_high) == 0;
}

static int tags_match(const struct pinbounce_protection *protection, const struct tuple *tuple,
                      size_t i)
{
    return ((tuple->app_tag ^ protection->app_tag) & protection->app_checked) == 0 &&
           ((tuple->field ^ field(protection, i)) & protection->checked) == 0 &&
           ((tuple->field_high ^ protection->fixed_high) & protection->checked_high) == 0;
}

static int guard_matches(const struct pinbounce_protection *protection,
                         const struct kernel *kernel, const struct tuple *tuple,
                         const uint8_t *data, const uint8_t *metadata)
{
    if (!protection->guarded) {
        return 1;
    }
    const struct crc *crc = &crc_guards[protection->guard];
    uint64_t state = crc_state(crc, protection->guard_seed);
    state = kernel->update(crc, state, data, protection->interval);
    state = kernel->update(crc, state, metadata, protection->tuple_offset);
    return crc_value(crc, state) == tuple->guard;
}

size_t pinbounce_verify(const struct pinbounce_protection *protection, const void *data,
                        const void *metadata, size_t count)
{
    const struct kernel *kernel = crc_kernel(protection->kernel);
    const uint8_t *from = data;
    const uint8_t *tuples = metadata;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *own = tuples + i * protection->metadata_size;
        struct tuple tuple = get_tuple(own + protection->tuple_offset, protection->guard);
        if (!escapes(protection, &tuple) &&
            (!tags_match(protection, &tuple, i) ||
             !guard_matches(protection, kernel, &tuple, from + i * protection->interval, own))) {
            return i;
        }
    }
    return count;
}
