import CLibrary
import ImageFormats
import Rasters
import Segmentation

/// How undecided the posterior of each pixel is: its entropy, as a part of the
/// most that C' components can have.
///
///     −Σ_{c∈K_n} q_n(c) log q_n(c) / log C'
///
/// 0 where one component has all, 1 where all C' have the same share; 0
/// everywhere with C' = 1.
public enum UncertaintyImage {
  /// Writes it as a greyscale PNG of 16 bits a sample, whose white is 1.
  ///
  /// - Parameter image: The responsibilities.
  /// - Returns: The bytes of the file.
  /// - Throws: `SoftFormatError.encode`.
  /// - Complexity: O(pixels × C').
  public static func encode(
    _ image: SoftImage
  ) throws(SoftFormatError) -> [UInt8] {
    do {
      var png = try PNGStream(
        size: image.size, kind: .grey, depth: .sixteen, marksSRGB: false)
      for rows in image.map.strips(of: image.map.stripHeight()) {
        let strip = image.map.strip(rows)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * strip.pixelCount)
        for pixel in 0..<strip.pixelCount {
          PNGStream.Depth.sixteen.append(
            uncertainty(of: pixel, strip), to: &bytes)
        }
        try png.write(bytes)
      }
      return try png.finish()
    } catch {
      throw .encode(error)
    }
  }

  /// Writes it as a picture in colours, with a legend of their values below.
  ///
  /// - Parameter image: The responsibilities.
  /// - Returns: The bytes of a PNG that is `ColorLegend.height` rows higher than
  ///   the image.
  /// - Throws: `SoftFormatError.encode`.
  /// - Complexity: O(pixels × C').
  public static func encodeColors(
    _ image: SoftImage
  ) throws(SoftFormatError) -> [UInt8] {
    guard
      let size = ImageSize(
        width: image.size.width, height: image.size.height + ColorLegend.height)
    else {
      throw .encode(
        .tooLarge(
          format: .png, width: image.size.width, height: image.size.height,
          maximumSide: Int(Int32.max)))
    }
    do {
      var png = try PNGStream(size: size, kind: .rgb, depth: .eight)
      for rows in image.map.strips(of: image.map.stripHeight()) {
        let strip = image.map.strip(rows)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * strip.pixelCount)
        for pixel in 0..<strip.pixelCount {
          bytes += ColorLegend.color(of: uncertainty(of: pixel, strip))
        }
        try png.write(bytes)
      }
      try png.write(ColorLegend.rows(width: size.width))
      return try png.finish()
    } catch {
      throw .encode(error)
    }
  }

  private static func uncertainty(
    of pixel: Int, _ strip: ResponsibilityStrip
  ) -> Double {
    guard strip.truncation > 1 else { return 0 }
    let entropy = strip.entries(of: pixel).reduce(0.0) { sum, entry in
      let share = Double(strip.responsibilities[entry])
      return share > 0 ? sum - share * log(share) : sum
    }
    return entropy / log(Double(strip.truncation))
  }
}
