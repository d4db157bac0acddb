/** Tests of the scripts in {@code ci}: the launcher, and the makers of devices. */
@org.jspecify.annotations.NullMarked
package io.pinbounce.ci;
