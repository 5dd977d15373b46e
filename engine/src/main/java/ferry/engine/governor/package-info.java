/// How fast load and apply may work, and when: limits a second, a schedule, signs of stress at both
/// ends, and throttles that others hold. Every wait says why.
package ferry.engine.governor;
