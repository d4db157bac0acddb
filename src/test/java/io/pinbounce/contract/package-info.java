/**
 * What files and queues promise wherever they are: each test runs on a disk in memory, in a real
 * folder, and, as an integration test, on file systems on loop devices.
 *
 * <p>{@code ContractTest} is the base of the tests; a {@code Place} is an engine and names of files
 * to use on it.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.contract;
