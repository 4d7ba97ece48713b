import Foundation
import Rasters
import Testing

/// The files that `Fixtures/make_fixtures.py` made.
enum Fixtures {
  /// The bytes of a file.
  static func bytes(_ name: String) throws -> [UInt8] {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures/\(name)")
    return Array(try Data(contentsOf: url))
  }

  /// A JPEG of the fixtures.
  static func jpeg(_ name: String) throws -> [UInt8] {
    try bytes("\(name).jpg")
  }

  /// A progressive JPEG whose last scan comes again and again: libjpeg takes them
  /// with a warning at most.
  static func jpegOfManyScans() throws -> [UInt8] {
    let file = try jpeg("progressive")
    let start = try #require(
      file.indices.dropLast().last {
        file[$0] == 0xff && file[$0 + 1] == 0xda
      })
    let scan = file[start..<file.count - 2]
    var many = Array(file.dropLast(2))
    for _ in 0..<40 { many += scan }
    return many + [0xff, 0xd9]
  }

  /// The samples of a PPM of 37 x 23 pixels.
  static func pixels(_ name: String) throws -> [UInt8] {
    let file = try bytes("\(name).ppm")
    let header = Array("P6\n37 23\n255\n".utf8)
    try #require(file.starts(with: header))
    let samples = Array(file.dropFirst(header.count))
    try #require(samples.count == 37 * 23 * 3)
    return samples
  }

  /// A JPEG with more segments right behind its first two bytes.
  static func inserting(
    _ segments: [(marker: UInt8, payload: [UInt8])], into jpeg: [UInt8]
  ) -> [UInt8] {
    let inserted = segments.flatMap { marker, payload in
      let length = payload.count + 2
      return [0xff, marker, UInt8(length >> 8), UInt8(length & 255)] + payload
    }
    return jpeg.prefix(2) + inserted + jpeg.dropFirst(2)
  }

  /// The greatest difference of two samples at the same place.
  static func greatestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
    zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  /// The mean difference of two samples at the same place.
  static func meanDifference(_ a: [UInt8], _ b: [UInt8]) -> Double {
    let sum = zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.count)
  }
}
