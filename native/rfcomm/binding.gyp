# For systems where the compiler is not simply there (Windows); see src-main/launch/build-native.mjs.
{
  "targets": [
    {
      "target_name": "rfcomm",
      "sources": [
        "src/addon.cc",
        "src/engine.cc",
        "src/joint.cc",
        "src/records_windows.cc",
        "src/system_posix.cc",
        "src/system_windows.cc"
      ],
      "defines": ["NAPI_VERSION=8", "RFCOMM_SOURCES=\"<!(node -p process.env.RFCOMM_SOURCES)\""],
      "conditions": [["OS=='win'", {"libraries": ["ws2_32.lib", "bthprops.lib"]}]]
    }
  ]
}
