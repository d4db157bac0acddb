/** Benchmarks of the library beside what the JDK offers, for people who change it. */
@org.jspecify.annotations.NullMarked
package io.pinbounce.bench;
