public import SystemPackage

/// Where the outputs of a batch go.
public enum BatchDestination: Hashable, Sendable {
  /// Below a folder, in the layout of the inputs. The folder need not be there
  /// yet, and gets the batch's ledger.
  case folder(FilePath)

  /// Next to each input, with this instead of the ending of its name:
  /// `-small.png`. Without a dot, the name keeps its own ending.
  case beside(ending: String)

  /// In place of each input.
  case inPlace

  /// The output folder, if there is one.
  var folder: FilePath? {
    if case .folder(let path) = self { path } else { nil }
  }

  /// Whether a ledger stays there, by which a run that was ended goes on.
  public var keepsLedger: Bool { folder != nil }

  /// Where the output of an input goes.
  ///
  /// - Parameters:
  ///   - input: The file that is read.
  ///   - place: Its place below an output folder.
  ///   - ending: The ending of the format; `nil` keeps that of the input.
  /// - Returns: The output.
  func output(
    of input: FilePath, at place: FilePath, ending: String?
  ) -> FilePath {
    switch self {
    case .folder(let folder):
      var place = place
      if let ending { place.extension = ending }
      return folder.appending(place.components)
    case .beside(let end):
      let own = input.extension.map { "." + $0 } ?? ""
      return input.beside(ending: end.contains(".") ? end : end + own)
    case .inPlace:
      return input
    }
  }

  /// Whether a file in a folder looks like the output of an earlier run.
  func isOutput(_ name: FilePath.Component) -> Bool {
    guard case .beside(let ending) = self, !ending.hasPrefix(".") else {
      return false
    }
    let stem = ending.contains(".") ? name.string : name.stem
    return stem.hasSuffix(ending)
  }
}
