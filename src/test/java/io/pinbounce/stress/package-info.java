/** Everything at once: {@code RingStressIT} and the actors that it sets on the same files. */
@org.jspecify.annotations.NullMarked
package io.pinbounce.stress;
