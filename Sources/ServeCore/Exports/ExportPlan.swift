/// How a file is made by the command: what it is given, and where it writes.
public struct ExportPlan: Sendable {
  /// What is asked for, besides the options of the fit.
  public struct Request: Decodable, Sendable {
    /// The name of an ``ExportKind``.
    public let `as`: String

    /// `command` for the command line alone.
    public let ditto: String?

    /// Colours that are moved, for `recolor`.
    public let moves: [RecolorRequest.Move]?

    /// How far the hues of their shades may be, in degrees.
    public let shades: Double?
  }

  /// What is made.
  public let kind: ExportKind

  /// The command line, as a shell reads it.
  public let command: String

  /// The arguments, without the name of the command.
  public let arguments: [String]

  /// The files that the command reads besides the picture.
  public let files: [(name: String, bytes: [UInt8])]

  /// The file that it writes, below its folder.
  public let output: String

  /// The name that the file is downloaded under.
  public let fileName: String

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - export: What is asked for.
  ///   - request: The options of the fit.
  ///   - picture: The picture.
  /// - Throws: `ServiceError` that says what is wrong.
  public init(
    _ export: Request, _ request: FitRequest, of picture: OpenPicture
  ) throws(ServiceError) {
    guard let kind = ExportKind(rawValue: export.as) else {
      throw .wrong(
        "\"as\" must be one of "
          + ExportKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.kind = kind
    // The same checks as for a fit, before a process is started.
    _ = try request.options(threads: 1)
    var moves: [(from: String, to: String)] = []
    for move in export.moves ?? [] {
      guard let from = move.from else {
        throw .wrong("a move of an export needs \"from\", the colour")
      }
      moves.append((try NamedColor(from).hex, try NamedColor(move.to).hex))
    }
    let words = try kind.arguments(
      request, input: picture.name, moves: moves, shades: export.shades)
    command = ShellWord.line(words)
    arguments = Array(words.dropFirst())
    files =
      words.contains(FitRequest.paletteFile)
      ? [(FitRequest.paletteFile, try request.paletteJSON())] : []
    output = kind.path(of: picture.name)
    fileName = kind.fileName(of: picture.name)
    guard picture.name != FitRequest.paletteFile, picture.name != output,
      !files.contains(where: { [output] in $0.name == output })
    else {
      throw .wrong("a picture of this name cannot be exported; rename it")
    }
  }
}
