/** Direct I/O that pins the caller's memory or bounces through memory that nobody else can touch. */
@org.jspecify.annotations.NullMarked
package io.pinbounce;
