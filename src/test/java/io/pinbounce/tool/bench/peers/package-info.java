/**
 * The library beside its peers: other ways to do direct I/O in Java.
 *
 * <p>{@link io.pinbounce.tool.bench.peers.Contestant} names all of them, each a {@link
 * io.pinbounce.tool.bench.peers.Peer} that moves the blocks of a {@link
 * io.pinbounce.tool.bench.peers.Load}. {@link io.pinbounce.tool.bench.peers.PeerTable} measures
 * interleaved pairs and prints ratios with their intervals, {@link
 * io.pinbounce.tool.bench.peers.PeerBenchmark} gives JMH's figures, and both run the same code.
 */
@org.jspecify.annotations.NullMarked
package io.pinbounce.tool.bench.peers;
