"""What SCIM calls our people: the resources with the attributes we keep, and what the service can do.

An attribute that is not declared here is dropped when it comes (phones, addresses, photos, certificates).
"""

from typing import Annotated, Any, ClassVar, Union

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    ExtensibleStringEnum,
    Extension,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
VUORO = "urn:ietf:params:scim:schemas:extension:vuoro:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"

MAX_RESULTS = 200
MAX_OPERATIONS = 1000
MAX_PAYLOAD = 4 * 1024 * 1024
CURSOR_SECONDS = 3600


class Name(ComplexAttribute):
    """How a person is called."""

    formatted: str | None = None
    """The full name as it is shown."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    """The work address. Private ones are not kept."""

    class Type(ExtensibleStringEnum):
        """What the address is for."""

        work = "work"

    value: EmailStr | None = None
    """The address."""

    type: Type | None = None
    """`work`; an address of type `home` is dropped."""

    primary: bool | None = None
    """Whether this is the address to write to."""


class GroupMembership(ComplexAttribute):
    """A group that a person belongs to."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The id of the group."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the group is."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The name of the group."""


class User(Resource[AnyExtension]):
    """Somebody of the organization."""

    __schema__ = URN(CORE)

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the person signs in with at the identity provider; unique whatever its case."""

    name: Name | None = None
    """The parts of the name."""

    Name: ClassVar[type[ComplexAttribute]] = Name

    display_name: str | None = None
    """The name that others see."""

    title: str | None = None
    """What the person does."""

    preferred_language: str | None = None
    """The language that mails and pages are written in, as fi or sv-FI."""

    timezone: str | None = None
    """An IANA time zone, as Europe/Helsinki."""

    active: bool | None = None
    """False: the person has left; they are signed out and their pairs pause."""

    emails: list[Email] | None = None
    """The work address."""

    Emails: ClassVar[type[ComplexAttribute]] = Email

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups of the person."""

    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class Manager(ComplexAttribute):
    """Who the person reports to."""

    value: Annotated[str | None, CaseExact.true] = None
    """The manager's id here, employee number, userName or work address; also of somebody who comes later."""

    ref: Annotated[Reference["User[Any]"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the manager is, once known."""


class EnterpriseUser(Extension):
    """Where in the organization a person works."""

    __schema__ = URN(ENTERPRISE)

    employee_number: str | None = None
    """The HR system's own id of the person; never a national identity number."""

    cost_center: str | None = None
    """The cost center."""

    division: str | None = None
    """The division."""

    department: str | None = None
    """The department."""

    manager: Manager | None = None
    """The manager."""


class VuoroUser(Extension):
    """What pairs are made from."""

    __schema__ = URN(VUORO)

    job_level: int | None = None
    """The level in the organization, 0 to 99; the higher, the more senior."""

    team: str | None = None
    """The team."""

    site: str | None = None
    """The office or town."""

    country: str | None = None
    """A country, as FI or Finland."""

    languages: str | None = None
    """Languages, best first, as `fi 4, en 3`."""

    employment_status: str | None = None
    """active, leave or left, or the HR system's word for it."""

    hire_on: str | None = None
    """The first day, as 2024-08-19."""

    end_on: str | None = None
    """The last day."""

    dotted_managers: Annotated[str | None, CaseExact.true] = None
    """Managers by dotted line, each as `manager.value`, with semicolons between them."""


class GroupMember(ComplexAttribute):
    """Who belongs to a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of the person or group."""

    ref: Annotated[Reference[Union["User[Any]", "Group"]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """Where the member is."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User", "Group"])
    """User or Group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """Not shown: whoever may see the members' names reads the members."""


class Group(Resource[Any]):
    """A group of the identity provider; it may give its members a role or a part in a program."""

    __schema__ = URN(GROUP)

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The name; unique whatever its case."""

    members: list[GroupMember] | None = None
    """Who belongs to it."""

    Members: ClassVar[type[ComplexAttribute]] = GroupMember


PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, VuoroUser, Group],
    resource_types=[
        ResourceType.from_resource(User[EnterpriseUser | VuoroUser]),
        ResourceType.from_resource(Group),
    ],
    config=ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=True, max_operations=MAX_OPERATIONS, max_payload_size=MAX_PAYLOAD),
        filter=Filter(supported=True, max_results=MAX_RESULTS),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=True),
        etag=ETag(supported=True),
        pagination=Pagination(
            cursor=True,
            index=True,
            default_pagination_method=Pagination.DefaultPaginationMethod.index,
            default_page_size=100,
            max_page_size=MAX_RESULTS,
            cursor_timeout=CURSOR_SECONDS,
        ),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="Secret of the connection",
                description="The secret that Vuoro showed when the connection was made, as a bearer token",
                primary=True,
            )
        ],
    ),
    policy=ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    ),
)
USER_TYPE, GROUP_TYPE = PROVIDER.resource_types
USER_MODEL: Any = PROVIDER.model_for(USER_TYPE)
GROUP_MODEL: Any = PROVIDER.model_for(GROUP_TYPE)
