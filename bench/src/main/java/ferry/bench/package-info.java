/// Measures Ferry against limits and rivals: a [ferry.bench.Contest] prepares its data on real
/// servers, its contestants run in turns, and what counts is the ratio of their medians.
///
/// To add a bench, write a trial and name its command in [ferry.bench.Bench].
package ferry.bench;
