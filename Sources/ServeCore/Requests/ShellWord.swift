/// Words of a command line as a POSIX shell reads them.
enum ShellWord {
  /// Characters that no shell changes within a word.
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:@%+=")

  /// A word, quoted where it has to be.
  static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.allSatisfy(plain.contains) else { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// A command line.
  static func line(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }
}
