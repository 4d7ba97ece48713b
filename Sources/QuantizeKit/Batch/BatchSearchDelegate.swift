import SystemPackage

/// Decides, while sources are searched, what is taken at once.
protocol BatchSearchDelegate: AnyObject {
  /// A folder is about to be listed.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - place: Where the outputs of its files go, below the output folder.
  /// - Throws: `QuantizeError` where it shall not be.
  func willList(_ folder: FilePath, at place: FilePath) throws(QuantizeError)

  /// Whether a file is taken now.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - place: Its name below the output folder.
  ///   - state: What it is.
  /// - Returns: `false` to leave it for later.
  func isWhole(
    _ path: FilePath, at place: FilePath, _ state: FileState
  ) -> Bool
}
