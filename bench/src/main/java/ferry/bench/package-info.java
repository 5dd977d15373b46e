/// Measures Ferry against limits and rivals: a [ferry.bench.Contest] prepares its data on real
/// servers, its contestants run in turns, and what counts is the ratio of their medians.
///
/// To add a bench, write a contest and name it in [ferry.bench.Contests].
package ferry.bench;
