# What is in it: every crate of the lock file and every image, as an SPDX 2.3 document. Reads the lock file only, so that it
# needs no tool and no network.
{
  lib,
  pkgs,
  images,
  version,
  ...
}:
let
  lock = builtins.fromTOML (builtins.readFile ../../Cargo.lock);
  crates = builtins.filter (package: package ? checksum) lock.package;
  legal = builtins.replaceStrings [ "_" "+" ] [ "-" "-" ];
  crate = package: {
    SPDXID = "SPDXRef-crate-${legal package.name}-${legal package.version}";
    inherit (package) name;
    versionInfo = package.version;
    downloadLocation = "https://crates.io/crates/${package.name}/${package.version}";
    checksums = [
      {
        algorithm = "SHA256";
        checksumValue = package.checksum;
      }
    ];
    externalRefs = [
      {
        referenceCategory = "PACKAGE-MANAGER";
        referenceType = "purl";
        referenceLocator = "pkg:cargo/${package.name}@${package.version}";
      }
    ];
    filesAnalyzed = false;
  };
  image = name: image: {
    SPDXID = "SPDXRef-image-${name}";
    name = image.imageName;
    versionInfo = image.imageTag;
    downloadLocation = "NOASSERTION";
    filesAnalyzed = false;
  };
  packages = map crate crates ++ lib.mapAttrsToList image images;
  document = {
    spdxVersion = "SPDX-2.3";
    dataLicense = "CC0-1.0";
    SPDXID = "SPDXRef-DOCUMENT";
    name = "task-observatory-${version}";
    documentNamespace = "https://observatory.example/spdx/${version}/${builtins.hashString "sha256" (builtins.toJSON packages)}";
    creationInfo = {
      created = "1970-01-01T00:00:01Z";
      creators = [ "Tool: task-observatory" ];
    };
    inherit packages;
    relationships = map (package: {
      spdxElementId = "SPDXRef-DOCUMENT";
      relationshipType = "DESCRIBES";
      relatedSpdxElement = package.SPDXID;
    }) packages;
  };
in
pkgs.writeText "task-observatory-${version}.spdx.json" (builtins.toJSON document)
