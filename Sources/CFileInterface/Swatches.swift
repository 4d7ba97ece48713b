// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CInterface
public import CQuantize
import ImageFormats
import PaletteFiles
import Quantization
import Rasters

/// The colours of a palette file, and their names as C reads them.
private struct Swatches {
  let colors: [PaletteColor]
  let names: [FileText?]

  init(_ colors: [PaletteColor]) {
    self.colors = colors
    names = colors.map { $0.name.map(FileText.init) }
  }
}

private typealias Box = Handle<Swatches>

@c @implementation
public func quantize_swatches_read(
  _ bytes: UnsafeRawPointer?, _ size: Int, _ name: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let file = try CFileInterface.bytes(bytes, size)
    // What is no ending of a palette's file tells nothing.
    let named = try text(name, "name").flatMap {
      PaletteFormat(pathExtension: String($0.split(separator: ".").last ?? ""))
    }
    Box.give(Swatches(try colors(of: file, named)), to: out)
  }
}

/// The colours of a palette file or an image.
private func colors(
  of file: [UInt8], _ named: PaletteFormat?
) throws(Failure) -> [PaletteColor] {
  do {
    if let format = try PaletteFormat.format(of: file, named: named) {
      return try format.read(file)
    }
    let image = try ImageDecoder.decode(file)
    return try FixedPalette(of: image.raster).colors.map {
      PaletteColor(color: $0.color, alpha: $0.alpha)
    }
  } catch let error as PaletteFileError {
    throw .data(error.message)
  } catch let error as DecodeError {
    throw .data(error.message)
  } catch let error as QuantizationError {
    throw Failure(error)
  } catch {
    throw .data("\(error)")
  }
}

@c @implementation
public func quantize_swatches_create(
  _ rgba: UnsafePointer<UInt8>?, _ count: Int,
  _ names: UnsafePointer<UnsafePointer<CChar>?>?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let rgba = try given(rgba, "rgba")
    guard count >= 1 else { throw .argument("a palette has at least 1 colour") }
    _ = try CInterface.size(count, 64, name: "the palette")
    var colors: [PaletteColor] = []
    for n in 0..<count {
      let color = RGBColor(
        red: rgba[4 * n], green: rgba[4 * n + 1], blue: rgba[4 * n + 2])
      colors.append(
        PaletteColor(
          color: color, alpha: rgba[4 * n + 3],
          name: try text(names?[n], "a name")))
    }
    Box.give(Swatches(colors), to: out)
  }
}

@c @implementation
public func quantize_swatches_free(_ swatches: OpaquePointer?) {
  Box.release(swatches)
}

@c @implementation
public func quantize_swatches_count(_ swatches: OpaquePointer?) -> Int {
  Box.known(swatches)?.value.colors.count ?? 0
}

@c @implementation
public func quantize_swatches_get(
  _ swatches: OpaquePointer?, _ rgba: UnsafeMutablePointer<UInt8>?
) -> quantize_status {
  status { () throws(Failure) in
    let rgba = try given(rgba, "rgba")
    let colors = try Box.of(swatches, "swatches").value.colors
    for (n, swatch) in colors.enumerated() {
      rgba[4 * n] = swatch.color.red
      rgba[4 * n + 1] = swatch.color.green
      rgba[4 * n + 2] = swatch.color.blue
      rgba[4 * n + 3] = swatch.alpha
    }
  }
}

@c @implementation
public func quantize_swatches_name(
  _ swatches: OpaquePointer?, _ number: Int
) -> UnsafePointer<CChar>? {
  guard let names = Box.known(swatches)?.value.names,
    names.indices.contains(number)
  else { return nil }
  return names[number]?.start
}

@c @implementation
public func quantize_swatches_write(
  _ swatches: OpaquePointer?, _ format: UnsafePointer<CChar>?,
  _ title: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let colors = try Box.of(swatches, "swatches").value.colors
    let ending = try given(text(format, "format"), "format")
    let title = try text(title, "title") ?? "quantize"
    let kind: PaletteFormat
    do throws(PaletteFileError) {
      kind = try PaletteFormat.format(forEnding: ending)
    } catch {
      throw .argument(error.message)
    }
    do throws(PaletteFileError) {
      let file = try kind.write(
        kind.withoutSoftAlpha(colors).colors, title: title)
      Handle.give(FileBytes(file), to: out)
    } catch {
      throw .notPossible(error.message)
    }
  }
}
