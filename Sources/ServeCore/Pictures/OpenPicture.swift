import ColorModels
import ImageFormats
import ParallelWork
import Quantization
import QuantizeKit
public import Rasters
import Synchronization
import SystemPackage

/// A picture that was uploaded: its file, its pixels and its colours, which are
/// counted once, and the results that were made of it.
public final class OpenPicture: Sendable {
  /// What is known of a picture under one treatment of its alpha.
  struct Decoded: Sendable {
    let pixels: Pixels
    let histogram: ColorHistogram
    let annotations: Annotations

    /// The pixels of the reduced picture; those of the picture where it is small.
    let reduced: Raster?
  }

  private struct State {
    var decoded: [AlphaTreatment: Decoded] = [:]
    var fits: [(id: String, fit: PictureFit)] = []
    var next = 0
  }

  /// The name of the file, without folders.
  public let name: String

  /// The file.
  public let bytes: [UInt8]

  /// What was odd about it, a line each.
  public let warnings: [String]

  let size: ImageSize

  /// How much smaller the reduced picture is.
  let scale: PictureScale

  private let limits: DecodeLimits
  private let state: Mutex<State>

  /// Reads a picture.
  ///
  /// - Parameters:
  ///   - name: The name of the file.
  ///   - bytes: The file.
  ///   - limits: What it may ask for.
  ///   - threads: The most threads to use.
  /// - Throws: `ServiceError` that says what is wrong with the file.
  /// - Complexity: O(pixels + bytes).
  public init(
    name: String, bytes: [UInt8], _ limits: ServiceLimits, threads: Int
  ) throws(ServiceError) {
    self.name = Self.fileName(name)
    self.bytes = bytes
    // What has no room is not decoded: a pixel has up to 8 bytes.
    self.limits = DecodeLimits(
      pixels: min(limits.pixels, limits.memory / 8),
      metadataBytes: limits.metadata)
    let warnings = Mutex<[String]>([])
    let decoded = try Self.decode(
      bytes, self.name, .keep, self.limits, threads
    ) { warning in warnings.withLock { $0.append(warning) } }
    self.warnings = warnings.withLock { $0 }
    size = decoded.pixels.size
    scale = PictureScale(size, pixels: ServiceLimits.reducedPixels)
    facts = Facts(
      width: size.width, height: size.height, colors: decoded.histogram.count,
      depth: decoded.pixels.isDeep ? 16 : 8,
      hasAlpha: decoded.histogram.hasTransparent
        || decoded.histogram.hasTranslucent, reduction: scale.factor)
    state = Mutex(State(decoded: [.keep: decoded]))
  }

  /// A name that is one of a file and no option: the last part of a path, without
  /// characters that have a meaning elsewhere.
  static func fileName(_ name: String) -> String {
    let last = name.split(whereSeparator: { "/\\".contains($0) }).last ?? ""
    var kept = String(
      String.UnicodeScalarView(
        last.unicodeScalars.filter {
          $0.properties.generalCategory != .control
            && $0.properties.generalCategory != .format
        }))
    while kept.hasPrefix("-") || kept.hasPrefix(".") { kept.removeFirst() }
    // With what is put behind it, it still has to be a name: those have at most 255
    // bytes.
    var ending = Substring()
    if let dot = kept.lastIndex(of: "."), kept[dot...].utf8.count <= 16 {
      ending = kept[dot...]
    }
    var stem = kept.dropLast(ending.count)
    while stem.utf8.count + ending.utf8.count > mostNameBytes {
      stem.removeLast()
    }
    return stem.isEmpty && ending.isEmpty ? "picture" : String(stem + ending)
  }

  private static let mostNameBytes = 160

  private static func decode(
    _ bytes: [UInt8], _ name: String, _ treatment: AlphaTreatment,
    _ limits: DecodeLimits, _ threads: Int,
    warn: @escaping (String) -> Void
  ) throws(ServiceError) -> Decoded {
    var options = DecodeOptions()
    options.limits = limits
    options.threads = threads
    options.alpha = treatment
    do throws(QuantizeError) {
      let file = try options.decode(
        bytes, of: .file(FilePath(name)),
        events: { event in
          if case .warning(_, let text) = event { warn(text) }
        })
      let histogram = ColorHistogram(
        of: file.pixels, workers: Workers(threads: threads))
      let scale = PictureScale(
        file.pixels.size, pixels: ServiceLimits.reducedPixels)
      return Decoded(
        pixels: file.pixels, histogram: histogram,
        annotations: file.annotations,
        reduced: scale.factor > 1 ? scale.reduced(file.pixels.rounded()) : nil)
    } catch {
      throw ServiceError(422, error.message)
    }
  }

  /// The picture under a treatment of its alpha.
  ///
  /// - Throws: `ServiceError`.
  /// - Complexity: O(1), or O(pixels + bytes) for another treatment than before.
  func decoded(
    _ treatment: AlphaTreatment, threads: Int
  ) throws(ServiceError) -> Decoded {
    if let decoded = state.withLock({ $0.decoded[treatment] }) {
      return decoded
    }
    let decoded = try Self.decode(bytes, name, treatment, limits, threads) {
      _ in
    }
    state.withLock { state in
      // As it is, and one other.
      state.decoded = state.decoded.filter { $0.key == .keep }
      state.decoded[treatment] = decoded
    }
    return decoded
  }

  /// The picture as its file has it.
  func original() -> Decoded? { state.withLock { $0.decoded[.keep] } }

  /// What can be said of a picture.
  public struct Facts: Sendable {
    /// Pixels in a row.
    public let width: Int

    /// Rows.
    public let height: Int

    /// The number of distinct colours.
    public let colors: Int

    /// Bits of a sample.
    public let depth: Int

    /// Whether pixels are translucent or fully transparent.
    public let hasAlpha: Bool

    /// How much smaller the reduced picture is.
    public let reduction: Int
  }

  /// What can be said of it.
  public let facts: Facts

  /// Keeps a result.
  ///
  /// - Returns: Its name.
  public func keep(_ fit: PictureFit) -> String {
    state.withLock { state in
      let id = "\(state.next)"
      state.next += 1
      state.fits.append((id, fit))
      if state.fits.count > ServiceLimits.fitsOfOne { state.fits.removeFirst() }
      return id
    }
  }

  /// A result.
  ///
  /// - Throws: `ServiceError.noFit` where it is no longer kept.
  public func fit(_ id: String) throws(ServiceError) -> PictureFit {
    let fit = state.withLock { state in
      state.fits.first { $0.id == id }?.fit
    }
    guard let fit else { throw .noFit }
    return fit
  }

  /// The memory that it takes, about.
  public var memory: Int {
    let (decoded, fits) = state.withLock { state in
      (Array(state.decoded.values), state.fits.map(\.fit.memory))
    }
    return bytes.count + fits.reduce(0, +)
      + decoded.reduce(0) { sum, decoded in
        let samples = decoded.pixels.channels.count
        let depth = decoded.pixels.isDeep ? 2 : 1
        return sum + decoded.pixels.size.pixelCount * samples * depth
          + decoded.histogram.count * 24
          + (decoded.reduced?.samples.count ?? 0)
      }
  }

  /// The picture, 8 bits a sample.
  ///
  /// - Parameter reduced: Whether the reduced one.
  /// - Returns: It; of 8 bits nothing is copied.
  /// - Throws: `ServiceError`.
  public func raster(reduced: Bool) throws(ServiceError) -> Raster {
    guard let original = original() else { throw .noPicture }
    return (reduced ? original.reduced : nil) ?? original.pixels.rounded()
  }
}

extension Raster {
  /// Red, green, blue and alpha of some pixels.
  ///
  /// - Parameter range: Their numbers, row by row.
  /// - Returns: Four samples a pixel.
  public func rgba(_ range: Range<Int>) -> [UInt8] {
    guard channels == .rgb else {
      return Array(samples[4 * range.lowerBound..<4 * range.upperBound])
    }
    return [UInt8](unsafeUninitializedCapacity: 4 * range.count) {
      room, filled in
      samples.withUnsafeBufferPointer { samples in
        for (place, pixel) in range.enumerated() {
          room[4 * place] = samples[3 * pixel]
          room[4 * place + 1] = samples[3 * pixel + 1]
          room[4 * place + 2] = samples[3 * pixel + 2]
          room[4 * place + 3] = 255
        }
      }
      filled = 4 * range.count
    }
  }
}
