import SoftFormats
import SystemPackage

/// A file or folder of responsibilities that is being written.
struct SoftFile {
  private enum Place {
    case file(OutputFile)
    case folder(OutputFolder)
  }

  private let output: SoftOutputs.Responsibilities
  private var place: Place

  /// Checks, before any work is done, that the output can be created.
  ///
  /// - Parameters:
  ///   - output: What is to be written.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - input: What is read, which the output should not be.
  /// - Throws: `QuantizeError.outputExists`, `.outputIsInput`,
  ///   `.cannotCreate`, or `.softOutput` for a format whose library is missing.
  init(
    _ output: SoftOutputs.Responsibilities, replaces: Bool,
    input: FileLocation
  ) throws(QuantizeError) {
    self.output = output
    guard let path = output.location.path else {
      throw .usage("responsibilities go to a file, not to standard output")
    }
    do {
      try output.format.loadLibrary()
    } catch {
      throw .softOutput(output.location, error)
    }
    if output.format == .folder {
      place = .folder(try OutputFolder(path))
      return
    }
    let file = try OutputFile(
      output.location, replaces: replaces, input: input)
    guard file.isFile else {
      throw .cannotCreate(path, reason: "this is a device or a pipe")
    }
    place = .file(file)
  }

  /// Writes the output where nobody looks yet.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - options: How.
  /// - Throws: `QuantizeError.softOutput`, `.cannotCreate` or `.inputOutput`.
  mutating func stage(
    _ image: SoftImage, _ options: SoftOutputs
  ) throws(QuantizeError) {
    let output = output
    func write(_ path: FilePath) throws(QuantizeError) {
      do {
        switch output.format {
        case .npz: try NPZWriter.write(image, to: path)
        case .exr: try CryptomatteWriter.write(image, to: path)
        case .ora:
          try OpenRasterWriter.write(
            image, to: path, depth: options.depth?.png ?? .eight)
        case .tiff:
          try TIFFWriter.write(
            image, to: path, isFloat: options.depth == .float)
        case .folder:
          try MaskFolderWriter.write(
            image, to: path, depth: options.depth?.png ?? .sixteen)
        }
      } catch {
        throw .softOutput(output.location, error)
      }
    }
    switch place {
    case .file(var file):
      try file.stage(writing: write)
      place = .file(file)
    case .folder(var folder):
      try folder.stage(writing: write)
      place = .folder(folder)
    }
  }

  /// Writes several outputs where nobody looks yet, or none.
  ///
  /// - Parameters:
  ///   - files: The outputs.
  ///   - image: What to write.
  ///   - options: How.
  /// - Throws: `QuantizeError.softOutput`, `.cannotCreate` or `.inputOutput`.
  static func stage(
    _ files: inout [SoftFile], _ image: SoftImage, _ options: SoftOutputs
  ) throws(QuantizeError) {
    do {
      for i in files.indices { try files[i].stage(image, options) }
    } catch {
      for i in files.indices { files[i].discard() }
      throw error
    }
  }

  /// Gives what is staged its name.
  ///
  /// - Throws: `QuantizeError.outputExists` or `.cannotCreate`.
  mutating func commit() throws(QuantizeError) {
    switch place {
    case .file(var file):
      try file.commit([])
      place = .file(file)
    case .folder(var folder):
      try folder.commit()
      place = .folder(folder)
    }
  }

  /// Removes what is staged, if anything still is.
  mutating func discard() {
    switch place {
    case .file(var file):
      file.discard()
      place = .file(file)
    case .folder(var folder):
      folder.discard()
      place = .folder(folder)
    }
  }
}
