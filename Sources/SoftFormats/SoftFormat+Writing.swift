public import SystemPackage

extension SoftFormat {
  /// Whether it is written in one or two passes over the pixels, with nothing
  /// kept in memory.
  public var isStreamed: Bool { self == .npz || self == .exr }

  /// Writes responsibilities.
  ///
  /// - Parameters:
  ///   - image: The posterior.
  ///   - path: An empty file or folder.
  ///   - depth: How samples are written; `nil` leaves it to the format.
  /// - Throws: `SoftFormatError`.
  public func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth?
  ) throws(SoftFormatError) {
    switch self {
    case .npz: try NPZWriter.write(image, to: path)
    case .exr: try CryptomatteWriter.write(image, to: path)
    case .ora:
      try OpenRasterWriter.write(image, to: path, depth: depth?.png ?? .eight)
    case .tiff:
      try TIFFWriter.write(image, to: path, isFloat: depth == .float)
    case .folder:
      try MaskFolderWriter.write(
        image, to: path, depth: depth?.png ?? .sixteen)
    }
  }
}
