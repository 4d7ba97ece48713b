public import ImageFormats
import ParallelWork
public import Quantization
public import Rasters
public import Segmentation

/// An image's responsibilities with all that is written beside them.
public struct SoftImage: Sendable {
  /// The responsibilities.
  public let map: ResponsibilityMap

  /// The colour of each component.
  public let colors: [ComponentColors.Color]

  /// A name for each component, none twice: its colour as CSS writes it,
  /// `#rrggbb` or `#rrggbbaa`, and a number behind it where another has the same.
  public let names: [String]

  /// The working space of the means.
  public let space: CompositeSpace

  /// What the samples of pictures in colour mean.
  public let target: ColorTarget

  /// What stands beside the pixels of pictures in colour.
  public var annotations = Annotations()

  /// Whether pictures in colour say that they are sRGB where there is no
  /// profile.
  public var marksSRGB = true

  /// F per pixel of the map's model and C', in nats. Every pixel that is not
  /// fully transparent counts once, whatever the fit weighed.
  public let freeEnergy: Double

  /// The most threads to use; files do not depend on them.
  public let threads: Int

  /// Gathers what is written.
  ///
  /// - Parameters:
  ///   - map: The responsibilities.
  ///   - posterization: The bits that the samples of colours have.
  ///   - space: The working space of the means.
  ///   - target: What the samples of the image mean.
  ///   - freeEnergy: F per pixel of the map's model and C', each counted once.
  ///   - threads: The most threads to use.
  /// - Complexity: O(components).
  public init(
    _ map: ResponsibilityMap, posterization: Posterization = .none,
    space: CompositeSpace = .encoded, target: ColorTarget = .sRGB,
    freeEnergy: Double, threads: Int = 1
  ) {
    self.map = map
    self.space = space
    self.target = target
    self.freeEnergy = freeEnergy
    self.threads = threads
    let model = ComponentColors(
      map.colorModel, in: space, posterization: posterization)
    colors =
      model.colors
      + [ComponentColors.Color](
        repeating: .transparent(in: space),
        count: map.components - map.model.components)
    names = Self.names(of: colors)
  }

  /// What of the image's file says where on the Earth it is.
  public var georeference: [TIFFTag] = []

  /// How samples of channels became the coordinates of the means; `nil` of a
  /// picture.
  public var channels: ChannelRecord?

  /// The number of pages, which stand one below the other.
  public var pages = 1

  /// Width and height.
  public var size: ImageSize { map.size }

  /// The name of the space of the means, where it is none of the usual.
  public var meansSpace: String?

  /// The name of the space of the means: that of the samples, where they are
  /// taken as they are encoded, else of the working space.
  var spaceName: String {
    meansSpace
      ?? (space.working == .srgb ? target.rawValue : space.working.rawValue)
  }

  /// Whether any component's colour is not opaque.
  var hasAlpha: Bool { colors.contains { $0.alpha < 255 } }

  /// Names that differ, also in their Cryptomatte hashes.
  private static func names(of colors: [ComponentColors.Color]) -> [String] {
    var hashes: Set<UInt32> = []
    var counts: [String: Int] = [:]
    return colors.map { color in
      var hex = color.color.hex
      if color.alpha < 255 {
        hex += (color.alpha < 16 ? "0" : "") + String(color.alpha, radix: 16)
      }
      var name = hex
      repeat {
        let count = (counts[hex] ?? 0) + 1
        counts[hex] = count
        name = count == 1 ? hex : "\(hex)-\(count)"
      } while !hashes.insert(Cryptomatte.hash(name)).inserted
      return name
    }
  }

  /// Calls `body` with each strip, from the top; its rows are a multiple of
  /// `multiple`, but for the last's.
  func forEachStrip(
    multipleOf multiple: Int = 1,
    _ body: (ResponsibilityStrip) throws(SoftFormatError) -> Void
  ) throws(SoftFormatError) {
    for rows in map.strips(of: map.stripHeight(multipleOf: multiple)) {
      try body(map.strip(rows))
    }
  }

  /// Makes a file of each component on several threads, a few at a time, and
  /// calls `body` with its bytes in the order of the components.
  func forEachComponent(
    _ make: @Sendable (Int) throws(EncodeError) -> [UInt8],
    _ body: (Int, [UInt8]) throws(SoftFormatError) -> Void
  ) throws(SoftFormatError) {
    let workers = Workers(threads: threads)
    for start in stride(from: 0, to: map.components, by: workers.threads) {
      let count = min(workers.threads, map.components - start)
      let files = WorkMeter.silently {
        workers.map(count) { i in
          Result { () throws(EncodeError) in try make(start + i) }
        }
      }
      WorkMeter.current?.tell(start + count, of: map.components)
      for (i, file) in files.enumerated() {
        switch file {
        case .success(let bytes): try body(start + i, bytes)
        case .failure(let error): throw .encode(error)
        }
      }
    }
  }
}
