public import ImageFormats

/// Why responsibilities were not written.
public enum SoftFormatError: Error, Equatable, Sendable {
  /// The image or what is kept of it is larger than the format can say.
  case tooLarge(SoftFormat, limit: String)

  /// The layers are larger than the format can say.
  case layersTooLarge(LayerFormat, limit: String, other: LayerFormat)

  /// Layers are to add up, and the image is not opaque.
  case layersOfTransparent

  /// An image inside the file cannot be written.
  case encode(EncodeError)

  /// The format has no samples of this depth.
  case depth(SoftFormat, SampleDepth)

  /// The library that writes the format is not installed.
  ///
  /// - Parameters:
  ///   - library: Its file name.
  ///   - package: What installs it.
  case missingLibrary(SoftFormat, library: String, package: String)

  /// A library refused.
  case failed(SoftFormat, reason: String)

  /// A PNG cannot hold so many labels.
  case tooManyLabels(Int)

  /// The format holds one page, and the image has more.
  ///
  /// - Parameters:
  ///   - name: The format.
  ///   - others: Formats that hold more.
  case pages(name: String, others: String)

  /// Writing failed midway.
  case inputOutput(reason: String)

  /// What is wrong and what can be done, in one line, without the file's name.
  public var message: String {
    switch self {
    case .tooLarge(let format, let limit):
      "this is too large for \(format.name), which holds \(limit); write .npz, "
        + "or use a smaller image"
    case .depth(let format, let depth):
      "\(format.label) holds "
        + TextList.or(format.depths.map(\.rawValue).sorted().map(String.init))
        + " bits per sample, not \(depth.rawValue)"
    case .layersTooLarge(let format, let limit, let other):
      "this is too large for \(format.label), which holds \(limit); write "
        + "\(other.label)"
    case .layersOfTransparent:
      "layers that add up need an opaque image; leave --layer-blend out, or "
        + "remove the transparency with --background"
    case .encode(let error):
      error.message
    case .missingLibrary(let format, let library, let package):
      "\(format.name) needs \(library), which is not installed; install "
        + "\(package), or write .npz"
    case .failed(let format, let reason):
      "the \(format.name) file cannot be written: \(reason)"
    case .tooManyLabels(let count):
      "a PNG holds at most 65536 labels, not \(count); write .tif or .npy"
    case .pages(let name, let others):
      "\(name) holds one page; write \(others), or choose a page with --page"
    case .inputOutput(let reason):
      "writing failed: \(reason)"
    }
  }
}
