/// What responsibilities are written as.
public enum SoftFormat: String, CaseIterable, Sendable {
  /// Arrays for NumPy.
  case npz

  /// OpenEXR in the Cryptomatte convention.
  case exr

  /// OpenRaster, a layer a colour.
  case ora

  /// TIFF, a page a colour.
  case tiff

  /// A folder of greyscale PNGs with an index.
  case folder

  /// The format that a file's name says; `nil` when its ending is none of a
  /// format's.
  ///
  /// - Parameter name: A path; one that ends in a slash names a folder.
  public init?(name: String) {
    if name.last == "/" {
      self = .folder
      return
    }
    let last = name.split(separator: "/").last ?? ""
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else {
      return nil
    }
    switch last[dot...].lowercased() {
    case ".npz": self = .npz
    case ".exr": self = .exr
    case ".ora": self = .ora
    case ".tif", ".tiff": self = .tiff
    default: return nil
    }
  }

  /// What names of files end in, for messages.
  public static let endings = ".npz, .exr, .ora, .tif, or a folder/"

  /// What people call it.
  public var name: String {
    switch self {
    case .npz: "NPZ"
    case .exr: "OpenEXR"
    case .ora: "OpenRaster"
    case .tiff: "TIFF"
    case .folder: "folder"
    }
  }
}
