/** The normal quantile by + - * / and sqrt alone, which IEEE 754 rounds in one way: the same bits on every machine. */

const LN2_HIGH = 6.93147180369123816490e-01; // 32 bits, so exponent * LN2_HIGH is exact
const LN2_LOW = 1.90821492927058770002e-10;
/** log(1 + f) = f - s (f - R(s^2)), s = f / (2 + f): coefficients of R, fdlibm's e_log.c (Sun Microsystems 1993). */
const LOG = [6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
  1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01] as const;

/** Natural logarithm of a normal number x > 0; error below 2 units in the last place. Math.log differs between machines. */
export function logarithm(x: number): number {
  let exponent = 0;
  while (x < Math.SQRT1_2) { x *= 2; exponent--; }
  while (x > Math.SQRT2) { x *= 0.5; exponent++; }
  const f = x - 1;
  const s = f / (2 + f), z = s * s;
  const r = z * (LOG[0] + z * (LOG[1] + z * (LOG[2] + z * (LOG[3] + z * (LOG[4] + z * (LOG[5] + z * LOG[6]))))));
  return exponent * LN2_HIGH - ((s * (f - r) - exponent * LN2_LOW) - f);
}

/** Central part, |p - 1/2| <= 0.425, with r = 0.425^2 - q^2. */
function central(r: number): number {
  return (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
    + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r
    + 3.387132872796366608)
    / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
    + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1);
}

/** Tail with r = sqrt(-log(p)) - 1.6, for r <= 3.4. */
function tail(r: number): number {
  return (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
    + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r
    + 1.42343711074968357734)
    / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
    + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);
}

/**
 * The standard normal's quantile at p in (2e-11, 1 - 2e-11): relative error about 1e-15.
 * Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37(3); its third range is beyond what 33-bit p need.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * central(0.180625 - q * q);
  const r = Math.sqrt(-logarithm(q < 0 ? p : 1 - p));
  const magnitude = tail(r - 1.6);
  return q < 0 ? -magnitude : magnitude;
}
