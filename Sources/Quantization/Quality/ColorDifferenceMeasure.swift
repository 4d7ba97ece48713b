import ColorModels
public import ParallelWork
import Rasters

/// Measures how far the colours of an image are from those of a palette as
/// people see it: the mean CIEDE2000 over all pixels. Colours that are not
/// opaque are seen on a mid-grey background.
///
/// The image's colours are converted to CIELAB once, for many palettes.
public struct ColorDifferenceMeasure: Sendable {
  private let colors: [LabColor]
  private let pixelCount: Int
  private let workers: Workers

  /// As many colours are one piece of work, whatever the threads: sums do not
  /// depend on them.
  private static let colorsInPiece = 4_096

  /// Prepares to measure.
  ///
  /// - Parameters:
  ///   - histogram: The image's colours.
  ///   - workers: The threads to use; the results do not depend on them.
  /// - Complexity: O(colours); 24 bytes of memory a colour.
  public init(_ histogram: ColorHistogram, workers: Workers) {
    let pieces = Self.pieces(of: histogram.count)
    colors = workers.map(pieces.count) { piece in
      pieces[piece].map { LabColor(onGray: histogram.color($0)) }
    }.flatMap(\.self)
    pixelCount = histogram.pixelCount
    self.workers = workers
  }

  /// The mean difference between the pixels and their palette entries.
  ///
  /// - Parameter assignment: Of the colours of the same histogram.
  /// - Returns: ΔE₀₀, 0 or greater; 0 only where nothing differs.
  /// - Complexity: O(colours), some 0.3 µs each.
  public func mean(of assignment: ColorAssignment) -> Double {
    mean(of: MappedColors(assignment))
  }

  /// The mean difference between the pixels and what shows them.
  ///
  /// - Parameter mapped: Of the colours of the same histogram.
  /// - Returns: ΔE₀₀, 0 or greater.
  /// - Complexity: O(pairs), some 0.3 µs each.
  package func mean(of mapped: MappedColors) -> Double {
    let palette = mapped.palette.map {
      LabColor(onGray: $0.color, alpha: $0.alpha)
    }
    let pieces = Self.pieces(of: mapped.counts.count)
    let sums = workers.map(pieces.count) { piece in
      pieces[piece].reduce(0.0) { sum, i in
        let color = palette[Int(mapped.entries[i])]
        return sum + Double(mapped.counts[i])
          * colors[Int(mapped.colors[i])].difference(to: color)
      }
    }
    return sums.reduce(0, +) / Double(pixelCount)
  }

  private static func pieces(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: colorsInPiece).map {
      $0..<min(count, $0 + colorsInPiece)
    }
  }
}

extension LabColor {
  /// A colour of 16 bits a sample on mid-grey.
  fileprivate init(onGray color: SIMD4<UInt16>) {
    let point = CompositeSpace.encoded.point(color)
    self.init(encoded: SIMD3(point.x, point.y, point.z))
  }

  /// A colour of 8 bits a sample on mid-grey.
  fileprivate init(onGray color: RGBColor, alpha: UInt8) {
    let point = CompositeSpace.encoded.point(color, alpha: alpha)
    self.init(encoded: SIMD3(point.x, point.y, point.z))
  }
}
