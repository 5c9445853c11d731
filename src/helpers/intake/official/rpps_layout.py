"""The 56 columns of the RPPS file, with the names that editions gave them. Most are never read: they must only be known."""

from __future__ import annotations

from helpers.files.streams import Layout


def _structure(name: str) -> tuple[str, ...]:
    return f"{name} (coord. structure)", f"{name} (structure)"


LAYOUT = Layout(
    title="activités du RPPS",
    columns={
        "kind": ("Type d'identifiant PP",),
        "short_person": ("Identifiant PP",),
        "person": ("Identification nationale PP",),
        **{
            f"civility_{rank}": names
            for rank, names in enumerate(
                (
                    ("Code civilité d'exercice", "Code civilité exercice"),
                    ("Libellé civilité d'exercice", "Libellé civilité exercice"),
                    ("Code civilité",),
                    ("Libellé civilité",),
                    ("Nom d'exercice",),
                    ("Prénom d'exercice",),
                )
            )
        },
        "profession": ("Code profession",),
        "profession_fr": ("Libellé profession",),
        "category": ("Code catégorie professionnelle",),
        "category_fr": ("Libellé catégorie professionnelle",),
        "know_how_kind": ("Code type savoir-faire",),
        "know_how_kind_fr": ("Libellé type savoir-faire",),
        "know_how": ("Code savoir-faire",),
        "know_how_fr": ("Libellé savoir-faire",),
        "mode": ("Code mode exercice", "Code mode d'exercice"),
        "mode_fr": ("Libellé mode exercice", "Libellé mode d'exercice"),
        **{
            f"site_{rank}": (name,)
            for rank, name in enumerate(
                (
                    "Numéro SIRET site", "Numéro SIREN site", "Numéro FINESS site",
                    "Numéro FINESS établissement juridique", "Identifiant technique de la structure",
                    "Raison sociale site", "Enseigne commerciale site",
                )
            )
        },
        **{
            f"address_{rank}": _structure(name)
            for rank, name in enumerate(
                (
                    "Complément destinataire", "Complément point géographique", "Numéro Voie", "Indice répétition voie",
                    "Code type de voie", "Libellé type de voie", "Libellé Voie", "Mention distribution", "Bureau cedex",
                    "Code postal",
                )
            )
        },
        "commune": _structure("Code commune"),
        "commune_fr": _structure("Libellé commune"),
        **{
            f"contact_{rank}": _structure(name)
            for rank, name in enumerate(
                (
                    "Code pays", "Libellé pays", "Téléphone", "Téléphone 2", "Télécopie", "Adresse e-mail",
                    "Code département", "Libellé département",
                )
            )
        },
        "former_site": ("Ancien identifiant de la structure",),
        "authority": ("Autorité d'enregistrement",),
        "sector": ("Code secteur d'activité",),
        "sector_fr": ("Libellé secteur d'activité",),
        "pharmacists": ("Code section tableau pharmaciens",),
        "pharmacists_fr": ("Libellé section tableau pharmaciens",),
        "role": ("Code rôle", "Code fonction"),
        "role_fr": ("Libellé rôle", "Libellé fonction"),
        "activity_kind": ("Code genre activité", "Code genre d'activité"),
        "activity_kind_fr": ("Libellé genre activité", "Libellé genre d'activité"),
    },
    needed=frozenset({"person", "profession", "profession_fr", "mode", "commune"}),
    file="PS_LibreAcces_Personne_activite_….txt",
    member=r"(PS_LibreAcces_Personne_activite|ps-libreacces-personne-activite).*\.txt",
    separators="|",
    quoted=False,
)  # fmt: skip
