/** Tests of the scripts in {@code ci}: the launcher and the maker of loop devices. */
@org.jspecify.annotations.NullMarked
package io.pinbounce.ci;
