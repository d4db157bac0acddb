/**
 * The rules that the project itself keeps: which type may use which, and how source files look.
 *
 * <p>{@link io.pinbounce.house.ArchitectureTest} reads class files, {@link
 * io.pinbounce.house.TidyTest} reads sources.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.house;
