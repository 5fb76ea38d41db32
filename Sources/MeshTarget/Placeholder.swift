// MeshTarget
