import CLibrary

/// Colours in plain double precision, from the definitions of the spaces.
public enum ReferenceColor {
  /// Rows that make XYZ under D65 of red, green and blue lights.
  public typealias Matrix = [[Double]]

  /// IEC 61966-2-1.
  public static let sRGB: Matrix = [
    [0.4123908, 0.3575843, 0.1804808], [0.2126390, 0.7151687, 0.0721923],
    [0.0193308, 0.1191948, 0.9505322],
  ]

  /// SMPTE EG 432-1 with D65.
  public static let p3: Matrix = [
    [0.4865709, 0.2656677, 0.1982173], [0.2289746, 0.6917385, 0.0792869],
    [0.0000000, 0.0451134, 1.0439444],
  ]

  /// Adobe RGB (1998).
  public static let adobe: Matrix = [
    [0.5766690, 0.1855582, 0.1882286], [0.2973450, 0.6273636, 0.0752915],
    [0.0270314, 0.0706889, 0.9913375],
  ]

  /// ITU-R BT.2020.
  public static let bt2020: Matrix = [
    [0.6369580, 0.1446169, 0.1688810], [0.2627002, 0.6779981, 0.0593017],
    [0.0000000, 0.0280727, 1.0609851],
  ]

  /// From an sRGB sample, 0 to 1, to light.
  public static func decoded(_ sample: Double) -> Double {
    sample <= 0.04045 ? sample / 12.92 : pow((sample + 0.055) / 1.055, 2.4)
  }

  /// From light to an sRGB sample, 0 to 1; what is beyond is cut off.
  public static func encoded(_ light: Double) -> Double {
    let light = min(max(light, 0), 1)
    return light <= 0.0031308
      ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
  }

  /// Lights of one space in another.
  public static func converted(
    _ lights: [Double], from source: Matrix, to target: Matrix
  ) -> [Double] {
    solve(target, source.map { row in zip(row, lights).map(*).reduce(0, +) })
  }

  /// Cramer's rule.
  private static func solve(_ m: Matrix, _ v: [Double]) -> [Double] {
    func determinant(_ m: Matrix) -> Double {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    let whole = determinant(m)
    return (0..<3).map { column in
      var changed = m
      for row in 0..<3 { changed[row][column] = v[row] }
      return determinant(changed) / whole
    }
  }
}

extension Double {
  /// A power of a number.
  public func raised(to exponent: Double) -> Double { pow(self, exponent) }
}
