/*
 * Whole requests, with random protection, against tuples that are put together here byte by byte.
 */

#include "test.h"

enum { MOST_INTERVALS = 5, MOST_METADATA = 40 };

static const unsigned tuple_sizes[] = {8, 16, 16};
static const unsigned guard_sizes[] = {2, 4, 8};

struct request {
    struct pinbounce_protection protection;
    size_t count;
    uint8_t *data;
    uint8_t *metadata;
};

static struct request random_request(const struct named_kernel *k)
{
    struct request r = {.count = test_random() % (MOST_INTERVALS + 1)};
    struct pinbounce_protection *p = &r.protection;
    p->guard = (uint8_t)(test_random() % 3);
    p->kernel = (uint8_t)k->number;
    p->guarded = test_random() % 8 != 0;
    p->interval = (uint32_t)(test_random() % 4 == 0 ? 512 : test_random() % 700);
    unsigned tuple = tuple_sizes[p->guard];
    p->metadata_size = tuple + (uint32_t)(test_random() % (MOST_METADATA - tuple + 1));
    p->tuple_offset = test_random() % 2 ? p->metadata_size - tuple : 0;
    p->guard_seed = test_random() & (UINT64_MAX >> (64 - 8 * guard_sizes[p->guard]));
    p->app_tag = (uint16_t)(test_random() % 0xFFFF);
    p->app_checked = (uint16_t)test_random();
    unsigned field_bits = p->guard == 0 ? 32 : p->guard == 1 ? 64 : 48;
    uint64_t space = UINT64_MAX >> (64 - field_bits);
    p->reference_mask = space >> test_random() % field_bits;
    p->fixed = test_random() & space & ~p->reference_mask;
    p->reference = test_random();
    p->step = test_random() % 2;
    p->checked = test_random() % 2 ? space : 0;
    p->escape = p->step ? 0 : space;
    if (p->guard == PINBOUNCE_CRC32C) {
        p->fixed_high = (uint16_t)test_random();
        p->checked_high = 0xFFFF;
        p->escape_high = p->step ? 0 : 0xFFFF;
    }
    r.data = test_bytes(r.count * p->interval);
    r.metadata = test_bytes(r.count * p->metadata_size);
    return r;
}

static void release(struct request *r)
{
    free(r->data);
    free(r->metadata);
}

static uint64_t big_endian(const uint8_t *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value = value * 256 + bytes[i];
    }
    return value;
}

/* What the tuple of interval i must say, over that data and the metadata before it. */
static void check_tuple(const struct request *r, size_t i, const uint8_t *metadata)
{
    const struct pinbounce_protection *p = &r->protection;
    const uint8_t *own = metadata + i * p->metadata_size;
    const uint8_t *tuple = own + p->tuple_offset;
    unsigned size = guard_sizes[p->guard];
    uint64_t guard = reference_crc(p->guard, p->guard_seed, r->data + i * p->interval, p->interval);
    guard = reference_crc(p->guard, guard, own, p->tuple_offset);
    CHECK(big_endian(tuple, size) == (p->guarded ? guard : 0), "guard=%d interval=%zu", p->guard, i);
    CHECK(big_endian(tuple + size, 2) == p->app_tag, "guard=%d interval=%zu", p->guard, i);
    unsigned rest = tuple_sizes[p->guard] - size - 2;
    unsigned low = rest > 8 ? 8 : rest;
    uint64_t field = p->fixed | ((p->reference + (p->step ? i : 0)) & p->reference_mask);
    CHECK(big_endian(tuple + size + 2 + rest - low, low) == field, "guard=%d interval=%zu",
          p->guard, i);
    CHECK(big_endian(tuple + size + 2, rest - low) == p->fixed_high, "guard=%d interval=%zu",
          p->guard, i);
}

static void check_generated(const struct request *r, const uint8_t *before)
{
    const struct pinbounce_protection *p = &r->protection;
    for (size_t i = 0; i < r->count; i++) {
        check_tuple(r, i, r->metadata);
        for (size_t at = 0; at < p->metadata_size; at++) {
            size_t byte = i * p->metadata_size + at;
            bool tuple = at >= p->tuple_offset && at < p->tuple_offset + tuple_sizes[p->guard];
            CHECK(tuple || r->metadata[byte] == before[byte], "byte=%zu", byte);
        }
    }
}

/* A wrong bit is found in its interval, unless nothing checks it. */
static void check_damage(const struct request *r)
{
    const struct pinbounce_protection *p = &r->protection;
    if (r->count == 0 || p->interval == 0 || !p->guarded) {
        return;
    }
    size_t bit = test_random() % (r->count * p->interval * 8);
    r->data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    size_t bad = bit / 8 / p->interval;
    size_t found = pinbounce_verify(p, r->data, r->metadata, r->count);
    CHECK(found == bad, "damage in interval %zu, found=%zu", bad, found);
    uint8_t *tuple = r->metadata + bad * p->metadata_size + p->tuple_offset;
    memset(tuple + guard_sizes[p->guard], 0xFF, tuple_sizes[p->guard] - guard_sizes[p->guard]);
    found = pinbounce_verify(p, r->data, r->metadata, r->count);
    /* The tags all ones escape, but not if they are part of what the next guards cover. */
    CHECK(found == r->count, "escaped interval %zu, found=%zu", bad, found);
    tuple[guard_sizes[p->guard]] = 0xFE;
    found = pinbounce_verify(p, r->data, r->metadata, r->count);
    CHECK(found == bad, "an application tag FEFF escapes, found=%zu", found);
}

static void check_request(const struct named_kernel *k)
{
    struct request r = random_request(k);
    const struct pinbounce_protection *p = &r.protection;
    size_t metadata_size = r.count * p->metadata_size;
    uint8_t *before = test_bytes(metadata_size);
    memcpy(before, r.metadata, metadata_size);
    uint8_t *copied_metadata = test_bytes(metadata_size);
    memcpy(copied_metadata, before, metadata_size);
    uint8_t *copy = test_bytes(r.count * p->interval);

    pinbounce_guard(p, r.data, r.metadata, r.count);
    check_generated(&r, before);
    pinbounce_guard_copy(p, r.data, copy, copied_metadata, r.count);
    CHECK(memcmp(copy, r.data, r.count * p->interval) == 0, "kernel=%s", k->name);
    CHECK(memcmp(copied_metadata, r.metadata, metadata_size) == 0, "kernel=%s", k->name);
    size_t found = pinbounce_verify(p, r.data, r.metadata, r.count);
    CHECK(found == r.count, "kernel=%s found=%zu", k->name, found);
    check_damage(&r);
    free(copy);
    free(copied_metadata);
    free(before);
    release(&r);
}

void test_protection(unsigned rounds)
{
    for (unsigned round = 0; round < rounds; round++) {
        for (const struct named_kernel *k = test_kernels; k->name; k++) {
            if (k->number >= 0 && (round % 4 == 0 || k->number > 0)) {
                check_request(k);
            }
        }
    }
}
