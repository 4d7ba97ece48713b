/// The spaces that the code points of video name (ITU-T H.273), so far as they
/// are for pictures as a display shows them.
enum CodePoints {
  /// The space of a cICP chunk.
  ///
  /// - Parameter points: Primaries, transfer, matrix, full range.
  /// - Returns: `nil` where the points leave it open (2, unspecified), which
  ///   is taken as sRGB.
  /// - Throws: `DecodeError.unsupported` for what is not RGB of full range on
  ///   an ordinary display.
  static func space(_ points: [UInt8]) throws(DecodeError) -> RGBSpace? {
    let list = points.map { String($0) }.joined(separator: ", ")
    switch points[1] {
    case 16: throw refusal("PQ, high dynamic range (cICP \(list))")
    case 18: throw refusal("HLG, high dynamic range (cICP \(list))")
    default: break
    }
    guard points[2] == 0 else {
      throw refusal("a matrix that is not of RGB (cICP \(list))")
    }
    guard points[3] == 1 else {
      throw refusal("samples of narrow range (cICP \(list))")
    }
    guard let primaries = primaries(points[0]),
      let transfer = transfer(points[1])
    else { throw refusal("an unusual colour space (cICP \(list))") }
    return RGBSpace(primaries: primaries, transfer: transfer)
  }

  private static func refusal(_ what: String) -> DecodeError {
    .unsupported(
      what: "a PNG with \(what)",
      remedy: "convert it to sRGB first, such as by: "
        + "`ffmpeg -i in.png -vf zscale=t=linear:npl=100,format=gbrpf32le,"
        + "tonemap=hable,zscale=p=709:t=iec61966-2-1:m=gbr out.png`")
  }

  private static func transfer(_ point: UInt8) -> RGBSpace.Transfer? {
    switch point {
    case 1, 6, 14, 15: .bt709
    case 2, 13: .sRGB
    case 4: .power(2.2)
    case 5: .power(2.8)
    case 8: .power(1)
    default: nil
    }
  }

  private static func primaries(_ point: UInt8) -> RGBSpace.Primaries? {
    typealias Light = RGBSpace.Chromaticity
    func lights(
      _ white: Light, _ red: Light, _ green: Light, _ blue: Light
    ) -> RGBSpace.Primaries {
      RGBSpace.Primaries(white: white, red: red, green: green, blue: blue)
    }
    return switch point {
    case 1, 2: .bt709
    case 4:
      lights(.c, Light(0.67, 0.33), Light(0.21, 0.71), Light(0.14, 0.08))
    case 5:
      lights(.d65, Light(0.64, 0.33), Light(0.29, 0.60), Light(0.15, 0.06))
    case 6, 7:
      lights(
        .d65, Light(0.630, 0.340), Light(0.310, 0.595), Light(0.155, 0.070))
    case 8:
      lights(.c, Light(0.681, 0.319), Light(0.243, 0.692), Light(0.145, 0.049))
    case 9:
      lights(
        .d65, Light(0.708, 0.292), Light(0.170, 0.797), Light(0.131, 0.046))
    case 11:
      lights(
        Light(0.314, 0.351), Light(0.680, 0.320), Light(0.265, 0.690),
        Light(0.150, 0.060))
    case 12: .p3
    case 22:
      lights(
        .d65, Light(0.630, 0.340), Light(0.295, 0.605), Light(0.155, 0.077))
    default: nil
    }
  }
}
