/// Letters of 5 x 7 pixels, for the labels of contact sheets.
enum BitmapFont {
  /// Pixels of a letter in a row.
  static let width = 5

  /// Rows of a letter.
  static let height = 7

  /// The rows of a character from the top, their first pixel in the highest of
  /// five bits; a box for characters that there are none of.
  static func rows(of character: Character) -> [UInt8] {
    guard let packed = letters[character] else {
      return [31, 17, 17, 17, 17, 17, 31]
    }
    return (0..<height).map { row in
      UInt8(packed >> UInt64(width * (height - 1 - row)) & 31)
    }
  }

  /// Seven rows of five bits, one behind the other.
  private static let letters: [Character: UInt64] = [
    "A": 0x3_a31f_c631,
    "B": 0x7_a31f_463e,
    "C": 0x3_a308_422e,
    "D": 0x7_a318_c63e,
    "E": 0x7_e10f_421f,
    "F": 0x7_e10f_4210,
    "G": 0x3_a30b_c62f,
    "H": 0x4_631f_c631,
    "I": 0x3_8842_108e,
    "J": 0x1_c421_0a4c,
    "K": 0x4_654c_5251,
    "L": 0x4_2108_421f,
    "M": 0x4_775a_c631,
    "N": 0x4_7359_c631,
    "O": 0x3_a318_c62e,
    "P": 0x7_a31f_4210,
    "Q": 0x3_a318_d64d,
    "R": 0x7_a31f_5251,
    "S": 0x3_e107_043e,
    "T": 0x7_c842_1084,
    "U": 0x4_6318_c62e,
    "V": 0x4_6318_a944,
    "W": 0x4_631a_d771,
    "X": 0x4_5442_1151,
    "Y": 0x4_5442_1084,
    "Z": 0x7_c222_221f,
    "a": 0x0_00e0_be2f,
    "b": 0x4_21e8_c63e,
    "c": 0x0_00e8_422e,
    "d": 0x0_42f8_c62f,
    "e": 0x0_00e8_fe0e,
    "f": 0x1_928e_2108,
    "g": 0x0_1f18_bc2e,
    "h": 0x4_21e8_c631,
    "i": 0x1_00c2_108e,
    "j": 0x0_8061_0a4c,
    "k": 0x4_212a_6292,
    "l": 0x3_0842_108e,
    "m": 0x0_01aa_d6b5,
    "n": 0x0_01e8_c631,
    "o": 0x0_00e8_c62e,
    "p": 0x0_3d18_fa10,
    "q": 0x0_1f18_bc21,
    "r": 0x0_016c_c210,
    "s": 0x0_00f8_383e,
    "t": 0x2_11c4_2126,
    "u": 0x0_0118_c66d,
    "v": 0x0_0118_c544,
    "w": 0x0_0118_d6aa,
    "x": 0x0_0115_1151,
    "y": 0x0_2318_bc2e,
    "z": 0x0_01f1_111f,
    "0": 0x3_a33a_e62e,
    "1": 0x1_1842_108e,
    "2": 0x3_a211_111f,
    "3": 0x3_a213_062e,
    "4": 0x0_8ca9_7c42,
    "5": 0x7_e1e0_862e,
    "6": 0x3_a10f_462e,
    "7": 0x7_c222_2108,
    "8": 0x3_a317_462e,
    "9": 0x3_a317_842e,
    " ": 0x0_0000_0000,
    ".": 0x0_0000_018c,
    ",": 0x0_0000_3088,
    "-": 0x0_000f_8000,
    "_": 0x0_0000_001f,
    "/": 0x0_4222_2210,
    "'": 0x1_0880_0000,
    "(": 0x0_8884_2082,
    ")": 0x2_0821_0888,
    "+": 0x0_084f_9080,
    "…": 0x0_0000_0015,
  ]
}
