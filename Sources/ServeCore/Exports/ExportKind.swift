/// What can be downloaded of a picture. All of it is what the command writes with the
/// arguments that ``arguments(_:input:moves:shades:)`` gives.
public enum ExportKind: String, CaseIterable, Sendable {
  case png, jpeg
  case gpl, act, ase, pal, hex, txt, css, scss, json
  case palettePNG = "palette-png"
  case npz, exr, ora, tif
  case layersPSD = "layers-psd"
  case layersORA = "layers-ora"
  case layersTIF = "layers-tif"
  case layersEXR = "layers-exr"
  case uncertainty
  case posteriorMean = "posterior-mean"
  case labels, outlines, report, compare, recolor

  /// What it belongs to, for menus.
  public enum Group: String, Sendable {
    case image = "Image"
    case palette = "Palette"
    case masks = "Soft masks"
    case layers = "Layers"
    case shapes = "Labels and shapes"
    case reports = "Reports"
  }

  /// What it belongs to.
  public var group: Group {
    switch self {
    case .png, .jpeg, .posteriorMean, .recolor: .image
    case .gpl, .act, .ase, .pal, .hex, .txt, .css, .scss, .json, .palettePNG:
      .palette
    case .npz, .exr, .ora, .tif, .uncertainty: .masks
    case .layersPSD, .layersORA, .layersTIF, .layersEXR: .layers
    case .labels, .outlines: .shapes
    case .report, .compare: .reports
    }
  }

  /// A line for menus.
  public var label: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .gpl: "GIMP palette"
    case .act: "Adobe colour table"
    case .ase: "Adobe swatches"
    case .pal: "PAL"
    case .hex: "Hex list"
    case .txt: "Paint.NET palette"
    case .css: "CSS variables"
    case .scss: "SCSS variables"
    case .json: "JSON palette"
    case .palettePNG: "Swatch picture"
    case .npz: "NumPy archive"
    case .exr: "OpenEXR, a channel a colour"
    case .ora: "OpenRaster, a mask a colour"
    case .tif: "TIFF, a page a colour"
    case .layersPSD: "Photoshop layers"
    case .layersORA: "OpenRaster layers"
    case .layersTIF: "TIFF layers"
    case .layersEXR: "OpenEXR layers"
    case .uncertainty: "Uncertainty picture"
    case .posteriorMean: "Posterior mean, full colour"
    case .labels: "Label map"
    case .outlines: "Outlines, SVG"
    case .report: "Report, JSON"
    case .compare: "Comparison of C', a page"
    case .recolor: "Recoloured picture"
    }
  }

  /// What is put behind the name of the picture.
  public var ending: String {
    switch self {
    case .png: "-quantized.png"
    case .jpeg: "-quantized.jpg"
    case .palettePNG: "-palette.png"
    case .layersPSD: "-layers.psd"
    case .layersORA: "-layers.ora"
    case .layersTIF: "-layers.tif"
    case .layersEXR: "-layers.exr"
    case .uncertainty: "-uncertainty.png"
    case .posteriorMean: "-posterior-mean.png"
    case .labels: "-segments.png"
    case .outlines: "-outlines.svg"
    case .report: "-report.json"
    case .compare: "-compare.html"
    case .recolor: "-recolored.png"
    case .npz, .exr, .ora, .tif: "-masks.\(rawValue)"
    case .gpl, .act, .ase, .pal, .hex, .txt, .css, .scss, .json:
      ".\(rawValue)"
    }
  }

  /// The type of its content.
  public var mediaType: String {
    switch self {
    case .png, .palettePNG, .uncertainty, .posteriorMean, .labels, .recolor:
      "image/png"
    case .jpeg: "image/jpeg"
    case .json, .report: "application/json"
    case .css: "text/css"
    case .outlines: "image/svg+xml"
    case .compare: "text/html"
    case .hex, .txt, .scss, .gpl: "text/plain; charset=utf-8"
    default: "application/octet-stream"
    }
  }

  /// Names the file.
  ///
  /// - Parameter input: The name of the picture.
  /// - Returns: That name with another ending.
  public func fileName(of input: String) -> String { Self.stem(input) + ending }

  /// Where the command writes the file, which is in a folder for some.
  public func path(of input: String) -> String {
    self == .compare ? "report/index.html" : fileName(of: input)
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return name
    }
    return String(name[..<dot])
  }

  /// The command line.
  ///
  /// - Parameters:
  ///   - request: The options.
  ///   - input: The name of the picture.
  ///   - moves: Colours that are moved, for ``recolor``.
  ///   - shades: How far the hues of their shades are, for ``recolor``.
  /// - Returns: `quantize` and its arguments.
  /// - Throws: `ServiceError` where options do not go together with this.
  func arguments(
    _ request: FitRequest, input: String, moves: [(from: String, to: String)],
    shades: Double?
  ) throws(ServiceError) -> [String] {
    let name = input
    let output = fileName(of: name)
    // One without an ending might be the name of a command.
    let input = input.contains(".") ? input : "./" + input
    let image = Self.png.fileName(of: name)
    func main(_ outputs: [String]) throws(ServiceError) -> [String] {
      ["quantize", input] + (try request.arguments()) + outputs
    }
    switch self {
    case .png, .jpeg:
      return try main(["-o", output])
    case .gpl, .act, .ase, .pal, .hex, .txt, .css, .scss, .json, .palettePNG:
      return try main(["-o", image, "--palette-out", output])
    case .npz, .exr, .ora, .tif:
      return try main(["-o", image, "--responsibilities", output])
    case .layersPSD, .layersORA, .layersTIF, .layersEXR:
      return try main(["-o", image, "--layers", output])
    case .uncertainty:
      return try main(["-o", image, "--uncertainty", output])
    case .posteriorMean:
      return try main(["-o", image, "--soft-output", output])
    case .report:
      return try main(["-o", image, "--report", output])
    case .labels:
      return ["quantize", "segment", input] + (try segmenting(request))
        + ["-o", output]
    case .outlines:
      return ["quantize", "segment", input] + (try segmenting(request))
        + ["-o", Self.labels.fileName(of: name), "--outlines", output]
    case .compare:
      return ["quantize", "compare", input] + (try comparing(request))
        + ["-o", "report"]
    case .recolor:
      guard !moves.isEmpty else {
        throw .wrong("\"moves\" is missing; give at least one colour to change")
      }
      var request = request.ofRecoloring([])
      request.colors = max(request.colors, moves.count)
      var arguments = ["quantize", "recolor", input]
      for move in moves { arguments += ["--from", move.from, "--to", move.to] }
      if let shades, shades != RecolorRequest.standardShades {
        arguments += ["--shades", "\(shades)"]
      }
      // C' and the space have other defaults there.
      let rest = try Self.without(["--cprime", "--space"], request.arguments())
      return arguments + rest
        + [
          "--cprime", "\(request.cprime)", "--space",
          try request.workingSpace().rawValue, "-o", output,
        ]
    }
  }

  /// Options that `quantize segment` has: nothing is dithered there, and every pixel
  /// counts the same.
  private func segmenting(
    _ request: FitRequest
  ) throws(ServiceError) -> [String] {
    var options = request
    options.perceptual = false
    options.space = try request.workingSpace().rawValue
    options.dither = nil
    options.ditherStrength = nil
    options.importance = nil
    options.balance = 1
    options.posterize = 0
    options.keepPalette = false
    return try options.arguments()
  }

  /// Options that `quantize compare` has: one C' and twice it, up to k.
  private func comparing(
    _ request: FitRequest
  ) throws(ServiceError) -> [String] {
    guard request.palette == nil else {
      throw .wrong(
        "a comparison fits its colours; leave the given palette out")
    }
    guard request.posterize == 0 else {
      throw .wrong("a comparison does not posterise; leave \"posterize\" out")
    }
    var list = [1, 2, 4].filter { $0 <= request.colors }
    if !list.contains(request.cprime) { list.append(request.cprime) }
    let rest = try Self.without(["--cprime"], request.arguments())
    return rest
      + ["--cprime", list.sorted().map(String.init).joined(separator: ",")]
  }

  /// Arguments without some options that have a value.
  private static func without(
    _ names: Set<String>, _ arguments: [String]
  ) -> [String] {
    var result: [String] = []
    var skips = false
    for argument in arguments {
      if skips {
        skips = false
      } else if names.contains(argument) {
        skips = true
      } else {
        result.append(argument)
      }
    }
    return result
  }
}
