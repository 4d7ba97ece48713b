/// What the name of a file says of its format.
enum FileEnding {
  /// The ending of a name in lower case, with its dot; a slash where the name is that of
  /// a folder, `nil` where it has neither.
  static func of(_ name: String) -> String? {
    guard name.last != "/" else { return "/" }
    let last = name.split(separator: "/").last ?? ""
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else {
      return nil
    }
    return last[dot...].lowercased()
  }
}
