// exp and tanh to a few units in the last place, which the built-in ones need not reach.

// 2^k * e^r with |r| <= ln 2 / 2; Cody and Waite's reduction in two steps, the series of e^r to r^7.
float exact_exp(float x) {
  if (!(x > -87.0)) return isnan(x) ? x : 0.0;
  if (x > 88.7) return uintBitsToFloat(0x7f800000u);
  const float k = roundEven(x * 1.44269504088896341);
  precise float r = x - k * 0.693359375;
  r = r + k * 2.12194440e-4;
  float p = 1.9841270e-4;
  p = p * r + 1.3888889e-3;
  p = p * r + 8.3333333e-3;
  p = p * r + 4.1666667e-2;
  p = p * r + 0.16666667;
  p = p * r + 0.5;
  const float e = (p * r) * r + r + 1.0;
  // In two factors: 2^128 is no float.
  const int half_k = int(k) / 2;
  return e * uintBitsToFloat(uint(half_k + 127) << 23) *
         uintBitsToFloat(uint(int(k) - half_k + 127) << 23);
}

// A polynomial near zero, where 1 - 2 / (e^2x + 1) would lose what small results are made of: an odd
// one of degree 11, fitted to |x| < 0.65 for the least relative error.
float exact_tanh(float x) {
  const float a = abs(x);
  if (a > 9.1) return sign(x);
  if (a >= 0.625) return sign(x) * (1.0 - 2.0 / (exact_exp(2.0 * a) + 1.0));
  const float z = x * x;
  float p = -0.0055151558;
  p = p * z + 0.020469412;
  p = p * z - 0.05368802;
  p = p * z + 0.13330831;
  p = p * z - 0.3333326;
  return x + x * (z * p);
}

float silu(float x) {
  return x / (1.0 + exact_exp(-x));
}
