package io.pinbounce.pi;

/**
 * An error that was injected: one flipped bit. Immutable. Injecting it again takes it back.
 *
 * @param target what was damaged
 * @param interval the interval's index in the blocks, from 0
 * @param offset the byte in the interval's data, or in its tuple
 * @param mask the bit in that byte, as a power of two, 1 to 128
 */
public record PiInjection(InjectionTarget target, long interval, long offset, int mask) {}
