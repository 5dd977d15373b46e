/// The inner loops alone, measured by JMH: where time goes when a bench of the whole changes.
package ferry.bench.micro;
